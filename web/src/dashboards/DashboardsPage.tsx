import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { IconLayoutDashboard, IconPlus, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type DashboardBasic, dashboardsQuery } from '@/api/dashboard'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { columnsOf } from './dashboardColumns'
import { EditDetails } from './EditDetails'
import { found } from './found'
import { NewDashboard } from './NewDashboard'
import { dashboardsRoute } from './routes'

export function DashboardsPage() {
  const projectId = useProjectId()
  const [state, change] = useUrlState(dashboardsRoute)
  const [editing, setEditing] = useState<DashboardBasic | null>(null)
  const mayEdit = useMay('member')
  const list = useQuery(dashboardsQuery(projectId))
  const all = list.data?.results
  const tags = [...new Set(all?.flatMap(one => one.tags) ?? [])].sort()
  const isNarrowed = Boolean(state.q || state.tag)
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={() => change({ new: true })}>
      New dashboard
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Dashboards"
        description="Insights side by side, to be looked at again and again"
        actions={add}
      />
      <Stack gap="md">
        <Group gap="xs">
          <TextInput
            size="xs"
            w={260}
            leftSection={<IconSearch size={14} aria-hidden />}
            placeholder="Search dashboards"
            aria-label="Search dashboards"
            value={state.q ?? ''}
            onChange={event => change({ q: event.currentTarget.value || undefined })}
          />
          {tags.length > 0 && (
            <Select
              size="xs"
              w={160}
              placeholder="Any tag"
              aria-label="Tag"
              data={tags}
              value={state.tag ?? null}
              onChange={tag => change({ tag: tag ?? undefined })}
              clearable
            />
          )}
        </Group>
        <DataTable
          label="Dashboards"
          columns={columnsOf({ projectId, mayEdit, onDetails: setEditing })}
          rows={all && found(all, state)}
          rowKey={row => String(row.id)}
          loading={list.isPending}
          error={list.error}
          onRetry={() => void list.refetch()}
          minWidth={720}
          empty={
            <EmptyState
              icon={IconLayoutDashboard}
              title={isNarrowed ? 'No dashboard matches' : 'No dashboards yet'}
              action={
                isNarrowed ? (
                  <Button variant="light" onClick={() => change({ q: undefined, tag: undefined })}>
                    Show all
                  </Button>
                ) : (
                  add
                )
              }
            >
              {isNarrowed
                ? 'Try other words, or take the tag away.'
                : 'Start from a template, or lay your own insights side by side.'}
            </EmptyState>
          }
        />
      </Stack>
      {state.new && <NewDashboard onClose={() => change({ new: undefined })} />}
      {editing && <EditDetails dashboard={editing} onClose={() => setEditing(null)} />}
    </>
  )
}
