import { Group, Stack, Text, useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { useMarks } from '@/annotations/useMarks'
import { Chart } from '@/components/chart/Chart'
import { colorOf, isIncomplete } from '@/components/chart/series'
import { duration } from '@/components/format'
import { entrants } from '../actors/questions'
import type { ResultProps } from '../InsightResult'
import type { InsightQuery } from '../query/insightQuery'
import { type FunnelOverTime, type InsightAnswer, itemsOf } from './answers'
import { FunnelSteps } from './FunnelSteps'
import { funnelView, splitsOf, timeBins } from './funnel'
import { NoData } from './NoData'
import { breakdownName } from './names'

interface Props extends ResultProps {
  query: InsightQuery
  result: InsightAnswer
}

export default function FunnelResult(props: Props) {
  switch (funnelView(props.query)) {
    case 'time_to_convert':
      return <ConversionTime {...props} />
    case 'trends':
      return <OverTime {...props} />
    default:
      return <Steps {...props} />
  }
}

function Steps({ query, result, size, height, label, onActors }: Props) {
  const splits = useMemo(() => splitsOf(result), [result])
  if (splits.length === 0) return <NoData height={height}>Nobody did the first step in this time.</NoData>
  return <FunnelSteps query={query} splits={splits} size={size} label={label} onActors={onActors} />
}

function ConversionTime({ result, height, label }: Props) {
  const { bins, average } = useMemo(() => timeBins(result), [result])
  const series = useMemo(
    () => [{ id: 'converted', name: 'Converted', data: bins.map(one => one.count) }],
    [bins],
  )
  const x = useMemo(() => bins.map(one => one.label), [bins])
  if (bins.length === 0) return <NoData height={height}>Nobody converted in this time.</NoData>
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Text size="sm" c="var(--hoglet-quiet)">
          Average time to convert
        </Text>
        <Text size="sm" fw={600}>
          {average === null ? '–' : duration(average)}
        </Text>
      </Group>
      <Chart label={label} kind="bar" x={x} series={series} height={Math.max(height - 30, 80)} />
    </Stack>
  )
}

function OverTime({ query, result, height, label, onActors, notes }: Props) {
  const dark = useComputedColorScheme('light') === 'dark'
  const items = itemsOf<FunnelOverTime>(result)
  const interval = query.interval ?? 'day'
  const series = useMemo(
    () =>
      itemsOf<FunnelOverTime>(result).map((item, index) => ({
        id: String(index),
        name: item.breakdown_value === undefined ? 'Conversion' : breakdownName(item.breakdown_value),
        data: item.data,
        color: colorOf(index, dark),
      })),
    [result, dark],
  )
  const x = items[0]?.days ?? []
  const zone = result.timezone ?? 'UTC'
  const { marks, onMark } = useMarks(notes, { x, interval }, zone)
  if (items.length === 0) return <NoData height={height} />
  const open = (id: string, index: number) => {
    const item = items[Number(id)]
    const question = item && entrants(query, item, index, false)
    if (question) onActors?.(question)
  }
  return (
    <Chart
      label={label}
      kind="line"
      x={x}
      series={series}
      interval={interval}
      format="percent"
      height={height}
      lastIsIncomplete={isIncomplete(x, interval, zone)}
      onPoint={onActors && open}
      marks={marks}
      onMark={onMark}
    />
  )
}
