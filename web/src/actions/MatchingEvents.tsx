import { Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconListSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { ActionStep } from '@/api/action'
import type { RowsAnswer } from '@/api/query'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { useQueryKind } from '@/components/useQueryKind'
import { columnsOf } from '@/events/columns'
import { EventDetails } from '@/events/EventDetails'
import { rowsOf, URL_OR_SCREEN } from '@/events/eventsQuery'
import { cleanedStep, saysSomething } from './steps'

const COLUMNS = ['event', 'person', URL_OR_SCREEN, 'timestamp']
const SHOWN = 20
const PAUSE_MS = 500

/** The newest events that the steps match, as they are edited. */
export function MatchingEvents({ steps }: { steps: ActionStep[] }) {
  const told = JSON.stringify(steps.filter(saysSomething).map(cleanedStep))
  const [asked] = useDebouncedValue(told, PAUSE_MS)
  const query = useMemo(() => {
    const actionSteps = JSON.parse(asked) as ActionStep[]
    if (actionSteps.length === 0) return null
    return {
      kind: 'EventsQuery',
      select: ['*', ...COLUMNS],
      actionSteps,
      after: '-30d',
      orderBy: ['timestamp DESC'],
      limit: SHOWN,
    }
  }, [asked])
  const found = useQueryKind<RowsAnswer>(query)
  return (
    <Stack gap="sm">
      <div>
        <Title order={2}>Matching events</Title>
        <Text c="var(--hoglet-quiet)">The newest {SHOWN} of the last 30 days</Text>
      </div>
      <DataTable
        label="Matching events"
        columns={columnsOf(COLUMNS)}
        rows={query === null ? [] : found.data && rowsOf([found.data.results])}
        rowKey={row => row.uuid}
        loading={found.isLoading}
        refreshing={found.isPrevious}
        error={found.error}
        onRetry={found.retry}
        expanded={row => <EventDetails event={row} />}
        minWidth={640}
        empty={
          <EmptyState
            icon={IconListSearch}
            title={query === null ? 'Nothing to match yet' : 'No event matches'}
          >
            {query === null
              ? 'Choose an event, or say where it happens.'
              : 'Nothing of the last 30 days does. Later events are matched all the same.'}
          </EmptyState>
        }
      />
    </Stack>
  )
}
