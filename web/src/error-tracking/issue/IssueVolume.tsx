import { Card } from '@mantine/core'
import { useMemo } from 'react'
import type { Answer, DateRangeValue } from '@/api/query'
import { Chart } from '@/components/chart/Chart'
import { isIncomplete } from '@/components/chart/series'
import { defaultInterval } from '@/components/dates'
import { LoadingChart } from '@/components/Loading'
import { useQueryKind } from '@/components/useQueryKind'
import { volumeQuery } from './questions'

interface Counts extends Answer {
  results: { data: number[]; days: string[] }[]
}

const HEIGHT_PX = 140

/** How often it happened over time. Left out where it cannot be told. */
export function IssueVolume({ issueId, range }: { issueId: string; range: DateRangeValue }) {
  const interval = defaultInterval(range)
  const found = useQueryKind<Counts>(volumeQuery(issueId, range), { refresh: 'force_blocking' })
  const counts = found.data?.results[0]
  const series = useMemo(
    () => (counts ? [{ id: 'occurrences', name: 'Occurrences', data: counts.data }] : []),
    [counts],
  )
  if (found.error || (found.data && !counts)) return null
  return (
    <Card padding="sm">
      {counts ? (
        <Chart
          label="Occurrences over time"
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
