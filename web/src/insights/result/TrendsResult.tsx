import { Center, useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { useMarks } from '@/annotations/useMarks'
import { Chart } from '@/components/chart/Chart'
import { trendsActors } from '../actors/questions'
import type { ResultProps } from '../InsightResult'
import type { InsightQuery } from '../query/insightQuery'
import type { InsightAnswer, TrendsItem } from './answers'
import { isByCountry } from './map/countries'
import { WorldMap } from './map/WorldMap'
import { NoData } from './NoData'
import { displayOf, trendsDrawing } from './trendsChart'

const LEGEND_PX = 36
const NUMBER_PX = 220

interface Props extends ResultProps {
  query: InsightQuery
  result: InsightAnswer
}

export default function TrendsResult({ query, result, size, height, label, onActors, notes }: Props) {
  const dark = useComputedColorScheme('light') === 'dark'
  const drawing = useMemo(() => trendsDrawing(query, result, dark), [query, result, dark])
  const { chart, items, names } = drawing
  const zone = result.timezone ?? 'UTC'
  const { marks, onMark } = useMarks(notes, chart, zone)
  if (items.length === 0) return <NoData height={height} />
  const who = (item: TrendsItem, index: number) => {
    const question = trendsActors(query, item, names[items.indexOf(item)] ?? item.label, index)
    if (question) onActors?.(question)
  }
  if (displayOf(query) === 'WorldMap' && isByCountry(query)) {
    const shown = { items, size, height, label, format: chart.format, unit: chart.unit }
    return <WorldMap {...shown} onCountry={onActors && (item => who(item, 0))} />
  }
  const isNumber = chart.kind === 'number'
  const hasLegend = items.length > 1 && chart.kind !== 'horizontal' && !isNumber
  const open = (id: string, index: number) => {
    const item = drawing.itemAt(id, index)
    if (item) who(item, index)
  }
  const drawn = (
    <Chart
      {...chart}
      marks={marks}
      onMark={onMark}
      label={label}
      legend={hasLegend && (size === 'tile' ? 'line' : true)}
      height={hasLegend && size === 'tile' ? Math.max(height - LEGEND_PX, 80) : height}
      onPoint={onActors && items.some(one => one.action) ? open : undefined}
    />
  )
  return isNumber ? <Center mih={size === 'tile' ? height : NUMBER_PX}>{drawn}</Center> : drawn
}
