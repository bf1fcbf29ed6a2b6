import { Stack, Title } from '@mantine/core'
import { IconDatabase } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { RowsAnswer } from '@/api/query'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { EventName } from '@/components/EventName'
import { exact } from '@/components/format'
import { useQueryKind } from '@/components/useQueryKind'
import { carriersQuery } from './questions'

interface Carrier {
  event: string
  having: number
  of: number
}

const COLUMNS: Column<Carrier>[] = [
  { id: 'event', header: 'Event', cell: one => <EventName name={one.event} /> },
  { id: 'having', header: 'With it', align: 'right', width: 140, cell: one => exact(one.having) },
  { id: 'of', header: 'All', align: 'right', width: 140, cell: one => exact(one.of) },
  {
    id: 'share',
    header: 'Share',
    align: 'right',
    width: 120,
    cell: one => exact((one.having / one.of) * 100, 'percent'),
  },
]

/** The events that have the property, and how many of them do. */
export function PropertyCarriers({ property }: { property: string }) {
  const query = useMemo(() => carriersQuery(property), [property])
  const found = useQueryKind<RowsAnswer>(query)
  const rows = useMemo(
    () =>
      found.data?.results.map(([event, having, of]) => ({
        event: String(event),
        having: Number(having),
        of: Number(of),
      })),
    [found.data],
  )
  return (
    <Stack gap="sm" component="section" aria-label="Seen with events">
      <Title order={2}>Seen with these events in the last 30 days</Title>
      <DataTable
        label="Seen with events"
        columns={COLUMNS}
        rows={rows}
        rowKey={one => one.event}
        loading={found.isLoading}
        error={found.error}
        onRetry={found.retry}
        minWidth={480}
        empty={<EmptyState icon={IconDatabase} title="With none in the last 30 days" />}
      />
    </Stack>
  )
}
