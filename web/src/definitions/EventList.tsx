import { Stack, Text } from '@mantine/core'
import { IconDatabase } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type EventDefinition, eventDefinitionsQuery } from '@/api/definition'
import type { RowsAnswer } from '@/api/query'
import { type Column, DataTable, type Sort } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { exact } from '@/components/format'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { useQueryKind } from '@/components/useQueryKind'
import { EventDefinitionLink } from './DefinitionLink'
import { Tags } from './DefinitionMarks'
import { ListPages } from './ListPages'
import { type ChangeList, eventsAsked, type ListState } from './listState'
import { countsOf, DAYS, volumesQuery } from './questions'

interface Props {
  state: ListState
  onChange: ChangeList
}

const SORTS = new Set(['name', 'last_seen_at'])

export function EventList({ state, onChange }: Props) {
  const asked = eventsAsked(state)
  const found = useQuery({
    ...eventDefinitionsQuery(useProjectId(), asked),
    placeholderData: keepPreviousData,
  })
  const rows = found.data?.results
  const question = useMemo(() => volumesQuery((rows ?? []).map(one => one.name)), [rows])
  const volumes = useQueryKind<RowsAnswer>(question)
  const counts = useMemo(() => countsOf(volumes.data?.results), [volumes.data])
  const isCounted = volumes.data !== undefined && !volumes.isPrevious
  const columns: Column<EventDefinition>[] = [
    {
      id: 'name',
      header: 'Event',
      sortable: true,
      cell: one => (
        <Stack gap={2}>
          <EventDefinitionLink definition={one} />
          {one.description && (
            <Text span size="xs" c="var(--hoglet-quiet)" lineClamp={1}>
              {one.description}
            </Text>
          )}
        </Stack>
      ),
    },
    { id: 'tags', header: 'Tags', cell: one => <Tags tags={one.tags} /> },
    {
      id: 'volume',
      header: `Last ${DAYS} days`,
      align: 'right',
      width: 120,
      cell: one => (isCounted ? exact(counts.get(one.name) ?? 0) : '–'),
    },
    {
      id: 'last_seen_at',
      header: 'Last seen',
      sortable: true,
      width: 150,
      cell: one => <TimeAgo value={one.last_seen_at} />,
    },
  ]
  const isFiltered = Boolean(state.q || state.kind || state.verified)
  return (
    <Stack gap="sm">
      <DataTable
        label="Event definitions"
        columns={columns}
        rows={rows}
        rowKey={one => one.id}
        loading={found.isPending}
        refreshing={found.isPlaceholderData}
        error={found.error}
        onRetry={() => found.refetch()}
        sort={sortOf(asked.ordering ?? '')}
        onSort={sort => {
          const order = (sort.descending ? `-${sort.id}` : sort.id) as ListState['order']
          onChange({ order: order === '-last_seen_at' ? undefined : order, page: undefined })
        }}
        minWidth={640}
        empty={
          <EmptyState icon={IconDatabase} title={isFiltered ? 'No event matches' : 'No events were seen yet'}>
            {isFiltered
              ? 'Search for a part of the name, or take a filter away.'
              : 'Each event that comes in is listed here by its name, within seconds.'}
          </EmptyState>
        }
      />
      <ListPages count={found.data?.count} page={state.page} onPage={page => onChange({ page })} />
    </Stack>
  )
}

function sortOf(ordering: string): Sort | undefined {
  const id = ordering.replace(/^-/, '')
  return SORTS.has(id) ? { id, descending: ordering.startsWith('-') } : undefined
}
