/** Rows of SQL as the chart that a DataVisualizationNode asks for. */
import type { AnyQuery } from '@/api/query'
import type { ChartData, ChartKind } from '@/components/chart/series'
import { exact } from '@/components/format'
import { type InsightAnswer, itemsOf } from './answers'

const KINDS: Readonly<Record<string, ChartKind>> = {
  ActionsLineGraph: 'line',
  ActionsAreaGraph: 'area',
  ActionsBar: 'bar',
  ActionsStackedBar: 'stacked',
  ActionsBarValue: 'horizontal',
  ActionsPie: 'pie',
  BoldNumber: 'number',
}

interface Settings {
  display?: string
  chartSettings?: { xAxis?: { column?: string }; yAxis?: { column?: string }[] | null }
}

/** `null`: shown as a table. */
export function rowsChart(query: AnyQuery | null, answer: InsightAnswer): ChartData | null {
  const { display, chartSettings } = (query ?? {}) as Settings
  const kind = display && Object.hasOwn(KINDS, display) ? KINDS[display] : undefined
  const columns = answer.columns ?? []
  const rows = itemsOf<unknown[]>(answer)
  if (!kind || rows.length === 0) return null
  const isNumber = (at: number) => rows.some(row => numberOf(row[at]) !== null)
  const named = (chartSettings?.yAxis ?? []).map(one => columns.indexOf(one.column ?? ''))
  const chosenX = columns.indexOf(chartSettings?.xAxis?.column ?? '')
  const x = chosenX >= 0 ? chosenX : columns.findIndex((_, at) => !isNumber(at))
  const given = named.filter(at => at >= 0)
  const ys = given.length > 0 ? given : columns.map((_, at) => at).filter(at => at !== x && isNumber(at))
  if (ys.length === 0) return null
  if (kind === 'number') {
    const first = ys[0] ?? 0
    const data = [numberOf(rows[0]?.[first])]
    return { kind, x: ['Total'], series: [{ id: '0', name: columns[first] ?? '', data }] }
  }
  const labels = rows.map((row, at) => (x >= 0 ? shownCell(row[x]) : String(at + 1)))
  if (kind === 'pie') {
    const first = ys[0] ?? 0
    const series = rows.map((row, at) => ({
      id: String(at),
      name: labels[at] ?? '',
      data: [numberOf(row[first])],
    }))
    return { kind, x: ['Total'], series }
  }
  const isDays = labels.every(one => /^\d{4}-\d{2}-\d{2}/.test(one))
  return {
    kind,
    x: labels,
    interval: isDays ? 'day' : undefined,
    series: ys.map(at => ({
      id: String(at),
      name: columns[at] ?? '',
      data: rows.map(row => numberOf(row[at])),
    })),
  }
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
  return null
}

export function shownCell(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') return exact(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
