import { Menu } from '@mantine/core'
import { IconCopy, IconHome, IconPencil, IconStar, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { changeDashboard, createDashboard, type DashboardBasic } from '@/api/dashboard'
import { keys } from '@/api/keys'
import { changeProject } from '@/api/project'
import { notifyDone, notifyFailed } from '@/components/notify'
import { notifyUndo } from '@/components/notifyUndo'
import { useProject, useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { useDashboardChange } from './useDashboardChange'

interface Props {
  dashboard: DashboardBasic
  mayEdit: boolean
  onDetails: () => void
  /** From the dashboard's own page: deleting it goes back to the list. */
  leaves?: boolean
}

const ICON = { size: 16, 'aria-hidden': true } as const

/** What can be done with a dashboard as a whole, from its page and from the list. */
export function DashboardMenuItems({ dashboard, mayEdit, onDetails, leaves = false }: Props) {
  const projectId = useProjectId()
  const project = useProject()
  const client = useQueryClient()
  const navigate = useNavigate()
  const change = useDashboardChange(dashboard.id)
  const mayAdminister = useMay('admin')
  const again = () => client.invalidateQueries({ queryKey: [...keys.all(projectId, 'dashboards'), 'list'] })

  const duplicating = useMutation({
    mutationFn: (withInsights: boolean) =>
      createDashboard(projectId, {
        name: `${(dashboard.name || 'Untitled dashboard').slice(0, 390)} (copy)`,
        description: dashboard.description,
        use_dashboard: dashboard.id,
        duplicate_tiles: withInsights,
      }),
    onSuccess: async made => {
      await again()
      notifyDone('Dashboard duplicated')
      await navigate({
        to: '/project/$projectId/dashboards/$dashboardId',
        params: { projectId, dashboardId: String(made.id) },
      })
    },
    onError: notifyFailed,
  })
  const deleting = useMutation({
    mutationFn: () => changeDashboard(projectId, dashboard.id, { deleted: true }),
    onSuccess: async () => {
      if (leaves) await navigate({ to: '/project/$projectId/dashboards', params: { projectId } })
      await again()
      notifyUndo('Dashboard deleted', () => {
        changeDashboard(projectId, dashboard.id, { deleted: false }).then(again, notifyFailed)
      })
    },
    onError: notifyFailed,
  })
  const isHome = project.primary_dashboard === dashboard.id
  const homing = useMutation({
    mutationFn: () => changeProject(projectId, { primary_dashboard: isHome ? null : dashboard.id }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.project(projectId), exact: true })
      notifyDone(isHome ? 'No longer on the home page' : 'Shown on the home page')
    },
    onError: notifyFailed,
  })
  if (!mayEdit) return <Menu.Item disabled>You may only look at it</Menu.Item>
  return (
    <>
      <Menu.Item leftSection={<IconPencil {...ICON} />} onClick={onDetails}>
        Edit name and tags
      </Menu.Item>
      <Menu.Item
        leftSection={<IconStar {...ICON} />}
        onClick={() => change.mutate({ pinned: !dashboard.pinned })}
      >
        {dashboard.pinned ? 'Unpin' : 'Pin'}
      </Menu.Item>
      {mayAdminister && (
        <Menu.Item leftSection={<IconHome {...ICON} />} onClick={() => homing.mutate()}>
          {isHome ? 'Take off the home page' : 'Show on the home page'}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item leftSection={<IconCopy {...ICON} />} onClick={() => duplicating.mutate(false)}>
        Duplicate
      </Menu.Item>
      <Menu.Item leftSection={<IconCopy {...ICON} />} onClick={() => duplicating.mutate(true)}>
        Duplicate with insights
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item c="red" leftSection={<IconTrash {...ICON} />} onClick={() => deleting.mutate()}>
        Delete
      </Menu.Item>
    </>
  )
}
