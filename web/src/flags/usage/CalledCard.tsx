import { Card, SegmentedControl, Text, Title } from '@mantine/core'
import { IconFlagQuestion } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Flag } from '@/api/flag'
import type { Answer } from '@/api/query'
import { Chart } from '@/components/chart/Chart'
import { isIncomplete } from '@/components/chart/series'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { LoadingChart } from '@/components/Loading'
import { useQueryKind } from '@/components/useQueryKind'
import classes from './CalledCard.module.css'

interface Calls extends Answer {
  results: { data: number[]; days: string[]; breakdown_value: unknown; label: string }[]
}

const HEIGHT_PX = 260

/** `$feature_flag_called`, which SDKs send when code asks for the flag, by what it got. */
export function CalledCard({ flag, from }: { flag: Flag; from: string }) {
  const [math, setMath] = useState('dau')
  const interval = from === '-24h' ? 'hour' : 'day'
  const found = useQueryKind<Calls>({
    kind: 'TrendsQuery',
    series: [{ kind: 'EventsNode', event: '$feature_flag_called', math }],
    properties: [{ type: 'event', key: '$feature_flag', operator: 'exact', value: [flag.key] }],
    breakdownFilter: { breakdown: '$feature_flag_response', breakdown_type: 'event' },
    dateRange: { date_from: from },
    interval,
  })
  const series = useMemo(
    () =>
      (found.data?.results ?? []).map(one => {
        const name = String(one.breakdown_value ?? one.label)
        return { id: name, name, data: one.data }
      }),
    [found.data],
  )
  const days = found.data?.results[0]?.days ?? []
  const isEmpty = series.every(one => one.data.every(count => count === 0))
  return (
    <Card>
      <div className={classes.header}>
        <div>
          <Title order={2}>Calls in code</Title>
          <Text size="sm" c="var(--hoglet-quiet)">
            $feature_flag_called by response
          </Text>
        </div>
        <SegmentedControl
          size="xs"
          aria-label="Count"
          value={math}
          onChange={setMath}
          data={[
            { value: 'dau', label: 'Persons' },
            { value: 'total', label: 'Calls' },
          ]}
        />
      </div>
      {found.error ? (
        <ErrorState error={found.error} onRetry={found.retry} compact />
      ) : !found.data ? (
        <LoadingChart height={HEIGHT_PX} />
      ) : isEmpty ? (
        <EmptyState icon={IconFlagQuestion} title="No calls in this time">
          SDKs send one when code asks for the flag, unless that is turned off.
        </EmptyState>
      ) : (
        <Chart
          label={`Calls of ${flag.key}`}
          kind="line"
          x={days}
          series={series}
          interval={interval}
          height={HEIGHT_PX}
          legend
          lastIsIncomplete={isIncomplete(days, interval, found.data.timezone ?? 'UTC')}
        />
      )}
    </Card>
  )
}
