/** From what a chart shows to what ECharts takes. */
import type { EChartsCoreOption } from 'echarts/core'
import { compact, exact } from '../format'
import { type ChartData, colorOf, type Mark, pointLabel, type Series, total } from './series'

/** Above the points, where marks have their room. */
export const MARKS_PX = 26
const TOLD_MAX = 3

interface Look {
  dark: boolean
  /** Series that the legend has turned off. */
  hidden: ReadonlySet<string>
}

interface TooltipPoint {
  dataIndex: number
  seriesId: string
  value: number | null
  color: string
}

export function optionsOf(chart: ChartData, look: Look): EChartsCoreOption {
  const shown = chart.series
    .map((series, index) => ({ ...series, color: series.color ?? colorOf(index, look.dark) }))
    .filter(series => !look.hidden.has(series.id))
  const ink = look.dark ? '#a9aeb9' : '#6b7280'
  const line = look.dark ? '#2e323b' : '#eceef2'
  const common = {
    animationDuration: 250,
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: 12 },
    tooltip: tooltipLook(look.dark),
  }
  if (chart.kind === 'pie') return { ...common, ...pie(chart, shown, look.dark) }
  const isFlat = chart.kind === 'horizontal'
  const values = {
    type: chart.logarithmic ? 'log' : 'value',
    min: chart.logarithmic ? 1 : undefined,
    axisLabel: { color: ink, formatter: (value: number) => compact(value, chart.format) },
    splitLine: { lineStyle: { color: line } },
    minInterval: shown.every(series => series.data.every(isWhole)) ? 1 : 0,
  }
  const points = {
    type: 'category',
    data: chart.x,
    boundaryGap: chart.kind === 'bar' || chart.kind === 'stacked' || isFlat,
    inverse: isFlat,
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    axisLabel: {
      color: ink,
      hideOverlap: true,
      formatter: (text: string) => shortened(pointLabel(text, chart.interval)),
    },
  }
  return {
    ...common,
    tooltip: {
      ...tooltipLook(look.dark),
      trigger: 'axis',
      axisPointer: { type: isFlat || chart.kind === 'bar' || chart.kind === 'stacked' ? 'shadow' : 'line' },
      formatter: (found: TooltipPoint[]) => tooltip(chart, shown, found),
    },
    grid: { left: 8, right: 16, top: chart.marks ? MARKS_PX : 12, bottom: 4, containLabel: true },
    xAxis: isFlat ? values : points,
    yAxis: isFlat ? points : values,
    series: shown.flatMap(series => drawn(chart, series)),
  }
}

function drawn(chart: ChartData, series: Series): object[] {
  const common = { id: series.id, name: series.name, color: series.color, emphasis: { focus: 'none' } }
  if (chart.kind === 'bar' || chart.kind === 'stacked' || chart.kind === 'horizontal') {
    const stack = chart.kind === 'stacked' ? 'all' : undefined
    const style = { opacity: series.isComparison ? 0.4 : 1, borderRadius: stack ? 0 : 2 }
    return [{ ...common, type: 'bar', data: series.data, stack, itemStyle: style, barMaxWidth: 40 }]
  }
  const line = {
    ...common,
    type: 'line',
    symbol: 'circle',
    symbolSize: 7,
    showSymbol: series.data.length === 1,
    lineStyle: {
      width: 2,
      type: series.isComparison ? 'dashed' : 'solid',
      opacity: series.isComparison ? 0.5 : 1,
    },
    stack: chart.kind === 'area' ? 'all' : undefined,
    areaStyle: chart.kind === 'area' ? { opacity: 0.18 } : undefined,
  }
  const isSplit =
    chart.lastIsIncomplete && chart.kind === 'line' && !series.isComparison && series.data.length > 1
  if (!isSplit) return [{ ...line, data: series.data }]
  const end = series.data.length - 1
  const complete = series.data.map((value, index) => (index < end ? value : null))
  const current = series.data.map((value, index) => (index >= end - 1 ? value : null))
  const dashed = {
    ...line,
    id: `${series.id}:current`,
    lineStyle: { width: 2, type: 'dashed' },
  }
  return [
    { ...line, data: complete },
    { ...dashed, data: current },
  ]
}

function pie(chart: ChartData, shown: Series[], dark: boolean): object {
  const whole = shown.reduce((sum, series) => sum + total(series), 0)
  return {
    tooltip: {
      ...tooltipLook(dark),
      trigger: 'item',
      formatter: ({ name, value, color }: { name: string; value: number; color: string }) =>
        row(
          color,
          name,
          `${exact(value, chart.format, chart.unit)} (${exact(whole ? (value / whole) * 100 : 0)}%)`,
        ),
    },
    series: [
      {
        type: 'pie',
        radius: ['48%', '78%'],
        itemStyle: { borderColor: dark ? '#1a1d23' : '#fff', borderWidth: 2 },
        label: { show: false },
        data: shown.map(one => ({
          name: one.name,
          value: total(one),
          itemStyle: { color: one.color },
          id: one.id,
        })),
      },
    ],
  }
}

function tooltip(chart: ChartData, shown: Series[], found: TooltipPoint[]): string {
  const index = found[0]?.dataIndex
  if (index === undefined) return ''
  const current = chart.lastIsIncomplete && index === chart.x.length - 1 ? ' (so far)' : ''
  const title = escaped(pointLabel(chart.x[index] ?? '', chart.interval, true) + current)
  const rows = shown.map(one =>
    row(one.color ?? '', one.name, exact(one.data[index], chart.format, chart.unit)),
  )
  const marks = (chart.marks ?? []).filter(one => one.x === chart.x[index]).slice(0, TOLD_MAX)
  return `<div style="font-weight:600;margin-bottom:4px">${title}</div>${rows.slice(0, 20).join('')}${marks.map(told).join('')}`
}

function told(mark: Mark): string {
  const by = mark.by ? `<div style="opacity:0.7">${escaped(mark.by)}</div>` : ''
  return `<div style="margin-top:6px;max-width:280px;white-space:normal">${escaped(mark.text)}${by}</div>`
}

function row(color: string, name: string, value: string): string {
  const dot = `<span style="width:8px;height:8px;border-radius:50%;background:${escaped(color)};flex:none"></span>`
  const label = `<span style="flex:1;max-width:260px;overflow:hidden;text-overflow:ellipsis">${escaped(name)}</span>`
  const number = `<strong style="font-variant-numeric:tabular-nums">${escaped(value)}</strong>`
  return `<div style="display:flex;align-items:center;gap:8px;min-width:140px">${dot}${label}${number}</div>`
}

function tooltipLook(dark: boolean): object {
  return {
    confine: true,
    backgroundColor: dark ? '#23262e' : '#fff',
    borderColor: dark ? '#3a3f4a' : '#e6e8ec',
    textStyle: { color: dark ? '#d5d8de' : '#20242d', fontSize: 12 },
    extraCssText: 'box-shadow:0 4px 16px rgb(0 0 0 / 12%);border-radius:6px',
    transitionDuration: 0,
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Names come from events, that is from anybody: a tooltip is HTML, and they must stay text in it. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
}

function isWhole(value: number | null): boolean {
  return value === null || Number.isInteger(value)
}

function shortened(text: string): string {
  return text.length > 28 ? `${text.slice(0, 27)}…` : text
}
