import { Card, Group, Text, Title } from '@mantine/core'
import { useMemo } from 'react'
import type { Answer } from '@/api/query'
import { Chart } from '@/components/chart/Chart'
import { isIncomplete } from '@/components/chart/series'
import { ErrorState } from '@/components/ErrorState'
import { exact } from '@/components/format'
import { LoadingChart } from '@/components/Loading'
import { useQueryKind } from '@/components/useQueryKind'
import { DAYS, trendQuery } from './questions'

interface Counts extends Answer {
  results: { data: number[]; days: string[]; count: number }[]
}

const HEIGHT_PX = 200

/** How often the event came, by day. */
export function EventTrend({ event }: { event: string }) {
  const query = useMemo(() => trendQuery(event), [event])
  const found = useQueryKind<Counts>(query)
  const counts = found.data?.results[0]
  const series = useMemo(
    () => (counts ? [{ id: 'events', name: 'Events', data: counts.data }] : []),
    [counts],
  )
  return (
    <Card component="section" aria-label="Volume" h="100%">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Volume</Title>
        {counts && (
          <Text size="sm" c="var(--hoglet-quiet)" className="tabular">
            {exact(counts.count)} in {DAYS} days
          </Text>
        )}
      </Group>
      {found.error ? (
        <ErrorState error={found.error} onRetry={found.retry} compact />
      ) : counts ? (
        <Chart
          label="Events by day"
          kind="bar"
          x={counts.days}
          series={series}
          interval="day"
          height={HEIGHT_PX}
          lastIsIncomplete={isIncomplete(counts.days, 'day', found.data?.timezone ?? 'UTC')}
        />
      ) : (
        <LoadingChart height={HEIGHT_PX} />
      )}
    </Card>
  )
}
