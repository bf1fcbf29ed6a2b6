import { Stack, Title } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { RowsAnswer } from '@/api/query'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { useQueryKind } from '@/components/useQueryKind'
import { columnsOf } from '@/events/columns'
import { EventDetails } from '@/events/EventDetails'
import { DEFAULT_COLUMNS, eventsQuery, rowsOf } from '@/events/eventsQuery'

const EXAMPLES = 10

/** The newest events of this name. */
export function EventExamples({ event }: { event: string }) {
  const query = useMemo(() => ({ ...eventsQuery({ event, date_from: '-30d' }), limit: EXAMPLES }), [event])
  const found = useQueryKind<RowsAnswer>(query)
  const rows = useMemo(() => found.data && rowsOf([found.data.results]), [found.data])
  return (
    <Stack gap="sm" component="section" aria-label="Recent examples">
      <Title order={2}>Recent examples</Title>
      <DataTable
        label="Recent examples"
        columns={columnsOf(DEFAULT_COLUMNS).map(one => ({ ...one, sortable: false }))}
        rows={rows}
        rowKey={row => row.uuid}
        loading={found.isLoading}
        error={found.error}
        onRetry={found.retry}
        expanded={row => <EventDetails event={row} />}
        minWidth={760}
        empty={
          <EmptyState icon={IconListSearch} title="None lately">
            No event of this name came in the last 30 days.
          </EmptyState>
        }
      />
    </Stack>
  )
}
