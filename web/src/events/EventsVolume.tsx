import { Card } from '@mantine/core'
import { useMemo } from 'react'
import type { Answer } from '@/api/query'
import { Chart } from '@/components/chart/Chart'
import { isIncomplete } from '@/components/chart/series'
import { defaultInterval } from '@/components/dates'
import { LoadingChart } from '@/components/Loading'
import { isComplete } from '@/components/operators'
import { useQueryKind } from '@/components/useQueryKind'
import { DEFAULT_FROM, type EventsState } from './eventsQuery'

interface Counts extends Answer {
  results: { data: number[]; days: string[]; label: string }[]
}

const HEIGHT_PX = 120

/** How many events there were over the time of the list. Left out where it cannot be told. */
export function EventsVolume({ state }: { state: EventsState }) {
  const range = { date_from: state.date_from ?? DEFAULT_FROM, date_to: state.date_to }
  const interval = defaultInterval(range)
  const query = {
    kind: 'TrendsQuery',
    series: [
      state.action === undefined
        ? { kind: 'EventsNode', event: state.event ?? null }
        : { kind: 'ActionsNode', id: state.action },
    ],
    dateRange: range,
    interval,
    properties: state.properties?.filter(isComplete) ?? [],
    filterTestAccounts: state.tests ?? false,
  }
  const found = useQueryKind<Counts>(query)
  const counts = found.data?.results[0]
  const series = useMemo(
    () => (counts ? [{ id: 'events', name: 'Events', data: counts.data }] : []),
    [counts],
  )
  if (found.error || (found.data && !counts)) return null
  return (
    <Card padding="sm">
      {counts ? (
        <Chart
          label="Events over time"
          kind="bar"
          x={counts.days}
          series={series}
          interval={interval}
          height={HEIGHT_PX}
          lastIsIncomplete={isIncomplete(counts.days, interval, found.data?.timezone ?? 'UTC')}
        />
      ) : (
        <LoadingChart height={HEIGHT_PX} />
      )}
    </Card>
  )
}
