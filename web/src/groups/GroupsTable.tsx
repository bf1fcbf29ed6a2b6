import { Anchor, Text } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import {
  type Group,
  type GroupType,
  groupName,
  groupsQuery,
  groupTypeName,
  groupTypeNames,
} from '@/api/group'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { PropertyName } from '@/components/EventName'
import { capital } from '@/components/format'
import { PropertyCell } from '@/components/PropertyCell'
import { Time } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { groupRoute } from './routes'

interface Props {
  type: GroupType
  search: string | undefined
  columns: readonly string[]
}

/** The groups of one type, the newest first. */
export function GroupsTable({ type, search, columns }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const found = useInfiniteQuery({
    ...groupsQuery(projectId, type.group_type_index, search),
    placeholderData: keepPreviousData,
  })
  const to = (group: Group) => ({
    to: groupRoute.to,
    params: { projectId, typeIndex: String(group.group_type_index), groupKey: group.group_key } as never,
  })
  const shown: Column<Group>[] = [
    {
      id: 'group',
      header: capital(groupTypeName(type)),
      cell: group => (
        <Anchor component={Link} inherit {...to(group)}>
          {groupName(group)}
        </Anchor>
      ),
    },
    {
      id: 'key',
      header: 'Key',
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
        cell: (group: Group) => <PropertyCell value={group.group_properties[name]} />,
      })),
    {
      id: 'created_at',
      header: 'First seen',
      width: 190,
      cell: group => <Time value={group.created_at} precision="minute" />,
    },
  ]
  return (
    <DataTable
      label={capital(groupTypeNames(type))}
      columns={shown}
      rows={found.data?.pages.flatMap(page => page.results)}
      rowKey={group => group.group_key}
      loading={found.isPending}
      refreshing={found.isPlaceholderData}
      error={found.error}
      onRetry={() => found.refetch()}
      onRowClick={group => navigate(to(group))}
      hasMore={found.hasNextPage}
      onMore={() => found.fetchNextPage()}
      loadingMore={found.isFetchingNextPage}
      minWidth={400 + columns.length * 120}
      empty={
        <EmptyState
          icon={IconBuilding}
          title={search ? 'None is called so' : `No ${groupTypeNames(type)} yet`}
        >
          {search
            ? 'Search for a part of a name or key.'
            : 'They appear when an SDK calls group(), or with the first event that names one.'}
        </EmptyState>
      }
    />
  )
}
