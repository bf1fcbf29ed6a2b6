import { Anchor, Button, Text } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { type Group, type GroupType, groupName, groupTypeName, groupTypeNames } from '@/api/group'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { PropertyName } from '@/components/EventName'
import { capital } from '@/components/format'
import { PropertyCell } from '@/components/PropertyCell'
import { Time } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { type GroupsState, orderOf, sortOf } from './groupsQuery'
import { groupRoute } from './routes'
import { useGroups } from './useGroups'

interface Props {
  type: GroupType
  state: GroupsState
  onChange: (changed: GroupsState) => void
  columns: readonly string[]
}

/** The groups of one type. */
export function GroupsTable({ type, state, onChange, columns }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const found = useGroups(type.group_type_index, state)
  const isNarrowed = Boolean(state.search || state.properties?.length)
  const to = (group: Group) => ({
    to: groupRoute.to,
    params: { projectId, typeIndex: String(group.group_type_index), groupKey: group.group_key } as never,
  })
  const shown: Column<Group>[] = [
    {
      id: 'group_name',
      header: capital(groupTypeName(type)),
      sortable: true,
      cell: group => (
        <Anchor component={Link} inherit {...to(group)}>
          {groupName(group)}
        </Anchor>
      ),
    },
    {
      id: 'key',
      header: 'Key',
      sortable: true,
      cell: group => (
        <Text span inherit truncate display="block" maw={220} className="monospace" title={group.group_key}>
          {group.group_key}
        </Text>
      ),
    },
    ...columns
      .filter(name => name !== 'name')
      .map(name => ({
        id: `p:${name}`,
        header: <PropertyName name={name} />,
        sortable: true,
        cell: (group: Group) => <PropertyCell value={group.group_properties[name]} />,
      })),
    {
      id: 'created_at',
      header: 'First seen',
      sortable: true,
      width: 190,
      cell: group => <Time value={group.created_at} precision="minute" />,
    },
  ]
  return (
    <DataTable
      label={capital(groupTypeNames(type))}
      columns={shown}
      rows={found.rows}
      rowKey={group => group.group_key}
      loading={found.isPending}
      refreshing={found.isPlaceholderData}
      error={found.error}
      onRetry={() => found.refetch()}
      sort={sortOf(state)}
      onSort={sort => onChange({ order: orderOf(sort) })}
      onRowClick={group => navigate(to(group))}
      hasMore={found.hasNextPage}
      onMore={() => found.fetchNextPage()}
      loadingMore={found.isFetchingNextPage}
      minWidth={400 + columns.length * 120}
      empty={
        <EmptyState
          icon={IconBuilding}
          title={isNarrowed ? 'None matches' : `No ${groupTypeNames(type).toLowerCase()} yet`}
          action={
            isNarrowed && (
              <Button variant="light" onClick={() => onChange({ search: undefined, properties: undefined })}>
                Show all
              </Button>
            )
          }
        >
          {isNarrowed
            ? 'Take a filter away, or search for a part of a name or key.'
            : 'They appear when an SDK calls group(), or with the first event that names one.'}
        </EmptyState>
      }
    />
  )
}
