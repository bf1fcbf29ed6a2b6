import { Anchor } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { groupName, groupTypeName, groupTypesQuery, type Related } from '@/api/group'
import { DataTable } from './DataTable'
import { EmptyState } from './EmptyState'
import { PersonLink } from './PersonLink'
import { Time } from './Time'
import { useProjectId } from './useProject'

interface Props {
  label: string
  rows: Related[] | undefined
  loading: boolean
  error: Error | null
  onRetry: () => void
  /** A sentence for when there are none. */
  empty: string
}

/** Persons and groups that share events with somebody or something. */
export function RelatedTable({ label, empty, ...found }: Props) {
  const projectId = useProjectId()
  const types = useQuery(groupTypesQuery(projectId))
  const kind = (one: Related) => {
    if (one.type === 'person') return 'Person'
    const type = types.data?.find(each => each.group_type_index === one.group_type_index)
    return type ? groupTypeName(type) : 'Group'
  }
  return (
    <DataTable
      label={label}
      {...found}
      rowKey={one => (one.type === 'person' ? one.id : `${one.group_type_index}-${one.group_key}`)}
      minWidth={480}
      columns={[
        { id: 'name', header: 'Name', cell: one => <Name one={one} projectId={projectId} /> },
        { id: 'kind', header: 'Kind', width: 160, cell: kind },
        {
          id: 'created_at',
          header: 'First seen',
          width: 180,
          cell: one => <Time value={one.created_at} precision="minute" />,
        },
      ]}
      empty={
        <EmptyState icon={IconBuilding} title="Nothing related">
          {empty}
        </EmptyState>
      }
    />
  )
}

function Name({ one, projectId }: { one: Related; projectId: string }) {
  if (one.type === 'person') return <PersonLink person={one} distinctId={one.distinct_ids[0] ?? one.id} />
  return (
    <Anchor
      component={Link}
      inherit
      to="/project/$projectId/groups/$typeIndex/$groupKey"
      params={{ projectId, typeIndex: String(one.group_type_index), groupKey: one.group_key } as never}
    >
      {groupName(one)}
    </Anchor>
  )
}
