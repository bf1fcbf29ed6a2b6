/** From the answer of trends, stickiness and lifecycles to what the chart draws. */
import { type ChartData, type ChartKind, colorOf, isIncomplete, type Series } from '@/components/chart/series'
import type { NumberFormat } from '@/components/format'
import type { InsightQuery } from '../query/insightQuery'
import { type InsightAnswer, itemsOf, type TrendsItem } from './answers'
import { statusName, trendsNames } from './names'

const KINDS: Readonly<Record<string, ChartKind>> = {
  ActionsLineGraph: 'line',
  ActionsLineGraphCumulative: 'line',
  ActionsAreaGraph: 'area',
  ActionsBar: 'stacked',
  ActionsStackedBar: 'stacked',
  ActionsUnstackedBar: 'bar',
  ActionsBarValue: 'horizontal',
  ActionsPie: 'pie',
  ActionsDonut: 'pie',
  BoldNumber: 'number',
  Metric: 'number',
  ActionsTable: 'table',
  WorldMap: 'table',
}

export function displayOf(query: InsightQuery): string {
  const display =
    query.kind === 'StickinessQuery' ? query.stickinessFilter?.display : query.trendsFilter?.display
  return display && Object.hasOwn(KINDS, display) ? display : 'ActionsLineGraph'
}

/** One number a series, over the whole time. */
export function isTotal(query: InsightQuery): boolean {
  return (
    query.kind === 'TrendsQuery' &&
    ['horizontal', 'pie', 'number', 'table'].includes(KINDS[displayOf(query)] ?? '')
  )
}

/** Its points are times, at which something may have happened. */
export function isOverTime(query: InsightQuery): boolean {
  if (query.kind === 'FunnelsQuery') return query.funnelsFilter?.funnelVizType === 'trends'
  return query.kind === 'LifecycleQuery' || (query.kind === 'TrendsQuery' && !isTotal(query))
}

/** The number of an item where there is one for all of its time. */
export function totalOf(item: TrendsItem): number {
  return item.aggregated_value ?? item.count
}

export interface TrendsDrawing {
  chart: ChartData
  items: TrendsItem[]
  names: string[]
  colors: string[]
  /** The item behind a point of the chart. */
  itemAt: (seriesId: string, index: number) => TrendsItem | undefined
}

const LIFECYCLE_COLORS: Readonly<Record<string, number>> = {
  new: 4,
  returning: 2,
  resurrecting: 6,
  dormant: 8,
}

export function trendsDrawing(query: InsightQuery, answer: InsightAnswer, dark: boolean): TrendsDrawing {
  const items = itemsOf<TrendsItem>(answer)
  const names = query.kind === 'LifecycleQuery' ? items.map(statusName) : trendsNames(items, query)
  const colors = colorsOf(items, dark)
  const format = formatOf(query)
  const unit = query.trendsFilter?.aggregationAxisPostfix?.trim() || undefined
  if (isTotal(query)) return totals(query, { items, names, colors, format, unit })
  const current = items.find(one => one.compare_label !== 'previous')
  const x = (current?.days ?? []).map(String)
  const isOfDays = query.kind !== 'StickinessQuery'
  const interval = isOfDays ? (query.interval ?? 'day') : undefined
  const series: Series[] = items.map((item, index) => ({
    id: String(index),
    name: names[index] ?? item.label,
    data: item.data,
    color: colors[index],
    isComparison: item.compare_label === 'previous',
  }))
  const chart: ChartData = {
    kind: query.kind === 'LifecycleQuery' ? 'stacked' : (KINDS[displayOf(query)] ?? 'line'),
    x: isOfDays ? x : (current?.labels ?? []),
    series,
    interval,
    format,
    unit,
    lastIsIncomplete: isOfDays && isIncomplete(x, interval, answer.timezone ?? 'UTC'),
    logarithmic: query.trendsFilter?.yAxisScaleType === 'log10',
  }
  return { chart, items, names, colors, itemAt: id => items[Number(id)] }
}

function totals(
  query: InsightQuery,
  told: {
    items: TrendsItem[]
    names: string[]
    colors: string[]
    format: NumberFormat | undefined
    unit: string | undefined
  },
): TrendsDrawing {
  const { items, names, colors, format, unit } = told
  const kind = KINDS[displayOf(query)] ?? 'number'
  const shared = { format, unit }
  if (kind === 'horizontal') {
    const values: Series = { id: 'values', name: 'Total', data: items.map(totalOf), color: colors[0] }
    const chart = { ...shared, kind, x: names, series: [values] }
    return { chart, items, names, colors, itemAt: (_, index) => items[index] }
  }
  const series = items.map((item, index) => ({
    id: String(index),
    name: names[index] ?? item.label,
    data: [totalOf(item)],
    color: colors[index],
    isComparison: item.compare_label === 'previous',
  }))
  return {
    chart: { ...shared, kind, x: ['Total'], series },
    items,
    names,
    colors,
    itemAt: id => items[Number(id)],
  }
}

/** The period before has the colour of what it is compared with. */
function colorsOf(items: TrendsItem[], dark: boolean): string[] {
  const places = new Map<string, number>()
  return items.map(item => {
    const known = item.status === undefined ? undefined : LIFECYCLE_COLORS[item.status]
    if (known !== undefined) return colorOf(known, dark)
    const key = JSON.stringify([item.action?.order ?? item.label, item.breakdown_value ?? null])
    const place = places.get(key) ?? places.size
    places.set(key, place)
    return colorOf(place, dark)
  })
}

function formatOf(query: InsightQuery): NumberFormat | undefined {
  const told = query.trendsFilter?.aggregationAxisFormat
  if (told === 'percentage') return 'percent'
  return told === 'duration' ? 'duration' : undefined
}
