import { ActionIcon, Badge, Group, Menu, Text, Tooltip } from '@mantine/core'
import { IconDots, IconShare, IconStarFilled } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { DashboardBasic } from '@/api/dashboard'
import type { Column } from '@/components/DataTable'
import { TimeAgo } from '@/components/Time'
import { DashboardMenuItems } from './DashboardMenuItems'

interface Shown {
  projectId: string
  mayEdit: boolean
  onDetails: (dashboard: DashboardBasic) => void
}

export function columnsOf({ projectId, mayEdit, onDetails }: Shown): Column<DashboardBasic>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: '46%',
      cell: one => (
        <>
          <Group gap={6} wrap="nowrap">
            <Link
              to="/project/$projectId/dashboards/$dashboardId"
              params={{ projectId, dashboardId: String(one.id) }}
              style={{ fontWeight: 600, textDecoration: 'none' }}
            >
              {one.name || 'Untitled dashboard'}
            </Link>
            {one.pinned && (
              <Tooltip label="Pinned">
                <IconStarFilled
                  size={13}
                  color="var(--mantine-color-yellow-6)"
                  role="img"
                  aria-label="Pinned"
                  style={{ flexShrink: 0 }}
                />
              </Tooltip>
            )}
            {one.is_shared && (
              <Tooltip label="Shared by a link">
                <IconShare
                  size={13}
                  color="var(--hoglet-quiet)"
                  role="img"
                  aria-label="Shared by a link"
                  style={{ flexShrink: 0 }}
                />
              </Tooltip>
            )}
          </Group>
          {one.description && (
            <Text size="xs" c="var(--hoglet-quiet)" lineClamp={1}>
              {one.description}
            </Text>
          )}
        </>
      ),
    },
    {
      id: 'tags',
      header: 'Tags',
      cell: one => (
        <Group gap={4}>
          {one.tags.map(tag => (
            <Badge key={tag} variant="light" color="gray" tt="none" fw={500}>
              {tag}
            </Badge>
          ))}
        </Group>
      ),
    },
    {
      id: 'author',
      header: 'Created by',
      cell: one => one.created_by?.first_name || one.created_by?.email || '–',
    },
    { id: 'changed', header: 'Changed', cell: one => <TimeAgo value={one.last_modified_at} /> },
    { id: 'opened', header: 'Opened', cell: one => <TimeAgo value={one.last_accessed_at} /> },
    {
      id: 'menu',
      header: <span style={{ position: 'absolute', clipPath: 'inset(50%)' }}>Actions</span>,
      width: 44,
      align: 'right',
      cell: one => (
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon size="sm" aria-label={`Actions for ${one.name || 'Untitled dashboard'}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <DashboardMenuItems dashboard={one} mayEdit={mayEdit} onDetails={() => onDetails(one)} />
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ]
}
