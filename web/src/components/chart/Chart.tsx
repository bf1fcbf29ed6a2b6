import { Box, Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import { exact } from '../format'
import { LoadingChart } from '../Loading'
import classes from './Chart.module.css'
import { ChartTable } from './ChartTable'
import { Legend } from './Legend'
import { type ChartData, pointLabel, total } from './series'

const Canvas = lazy(() => import('./Canvas'))
const CELLS_READ_MAX = 2_000

interface Props extends ChartData {
  /** What the chart shows, in a few words. */
  label: string
  height?: number | string
  /** Default: with more than one series. `line`: in one line, however many there are. */
  legend?: boolean | 'line'
  /** A click on a point, for who is behind it. */
  onPoint?: (seriesId: string, index: number) => void
  /** Notes something at a point of `x`. */
  onMark?: (x: string) => void
}

/** Any chart. Numbers and tables need no drawing, and so no ECharts. */
export function Chart({ label, height = 280, legend, onPoint, onMark, ...chart }: Props) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const { kind, x, series, interval, format, unit, lastIsIncomplete, marks, logarithmic } = chart
  const drawn = useMemo<ChartData>(
    () => ({ kind, x, series, interval, format, unit, lastIsIncomplete, marks, logarithmic }),
    [kind, x, series, interval, format, unit, lastIsIncomplete, marks, logarithmic],
  )
  if (kind === 'number') return <BigNumber chart={drawn} label={label} onPoint={onPoint} />
  if (kind === 'table') return <ChartTable chart={drawn} label={label} />
  const toggle = (id: string) => {
    const changed = new Set(hidden)
    if (!changed.delete(id)) changed.add(id)
    setHidden(changed)
  }
  const isReadable = x.length * series.length <= CELLS_READ_MAX
  return (
    <Box className={classes.root}>
      <Suspense fallback={<LoadingChart height={height} />}>
        <Canvas
          chart={drawn}
          hidden={hidden}
          height={height}
          label={`${label}: ${summary(drawn)}`}
          onPoint={onPoint}
          onMark={onMark}
        />
      </Suspense>
      {(legend ?? series.length > 1) && (
        <Legend series={series} hidden={hidden} onToggle={toggle} isLine={legend === 'line'} />
      )}
      {isReadable && (
        <VisuallyHidden>
          <ChartTable chart={drawn} label={`${label}, as a table`} />
        </VisuallyHidden>
      )}
    </Box>
  )
}

function BigNumber({
  chart,
  label,
  onPoint,
}: {
  chart: ChartData
  label: string
  onPoint?: Props['onPoint']
}) {
  return (
    <Group gap="xl" justify="center" align="center" mih={120} role="group" aria-label={label}>
      {chart.series.map(one => (
        <Stack key={one.id} gap={2} align="center" onClick={onPoint && (() => onPoint(one.id, 0))}>
          <Text className={classes.number} data-faint={one.isComparison || undefined}>
            {exact(total(one), chart.format, chart.unit)}
          </Text>
          <Text size="sm" c="var(--hoglet-quiet)">
            {one.name}
          </Text>
        </Stack>
      ))}
    </Group>
  )
}

function summary(chart: ChartData): string {
  const first = pointLabel(chart.x[0] ?? '', chart.interval)
  const last = pointLabel(chart.x.at(-1) ?? '', chart.interval)
  const names = chart.series.slice(0, 5).map(one => one.name)
  return `${chart.kind} chart of ${names.join(', ')}, ${first} to ${last}`
}
