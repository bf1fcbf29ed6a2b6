/** Any insight's answer as a table that can be sorted. */

import { pointLabel } from '@/components/chart/series'
import { duration, exact } from '@/components/format'
import {
  type ActorsQuestion,
  funnelActors,
  itemOf,
  leftActors,
  pathActors,
  trendsActors,
} from '../actors/questions'
import type { InsightQuery } from '../query/insightQuery'
import {
  type FunnelOverTime,
  type InsightAnswer,
  itemsOf,
  type PathEdge,
  type RetentionRow,
  type TrendsItem,
} from './answers'
import { funnelView, numbersOf, percent, splitsOf, timeBins } from './funnel'
import { breakdownName, statusName, stepName, trendsNames } from './names'
import { shortNames } from './paths'
import { isTotal, totalOf } from './trendsChart'

export interface Cell {
  shown: string
  /** What it is sorted by. */
  value: number | string
  /** Who is behind it. */
  who?: ActorsQuestion | null
}

export interface TableRow {
  key: string
  cells: Cell[]
}

export interface ResultTableData {
  title: string
  columns: { title: string; isNumber: boolean }[]
  rows: TableRow[]
}

/** `null` where the drawing is a table already. */
export function tableOf(query: InsightQuery, answer: InsightAnswer): ResultTableData | null {
  switch (query.kind) {
    case 'TrendsQuery':
    case 'StickinessQuery':
    case 'LifecycleQuery':
      return ofTrends(query, itemsOf<TrendsItem>(answer))
    case 'FunnelsQuery':
      return ofFunnel(query, answer)
    case 'RetentionQuery':
      return ofRetention(itemsOf<RetentionRow>(answer))
    case 'PathsQuery':
      return ofPaths(query, itemsOf<PathEdge>(answer))
    default:
      return null
  }
}

export function sorted(table: ResultTableData, column: string, descending: boolean): TableRow[] {
  const at = Number(column)
  const sign = descending ? -1 : 1
  return [...table.rows].sort((a, b) => {
    const [one, other] = [a.cells[at]?.value ?? '', b.cells[at]?.value ?? '']
    const order =
      typeof one === 'number' && typeof other === 'number'
        ? one - other
        : String(one).localeCompare(String(other), 'en', { numeric: true })
    return order * sign
  })
}

function ofTrends(query: InsightQuery, items: TrendsItem[]): ResultTableData {
  const names = query.kind === 'LifecycleQuery' ? items.map(statusName) : trendsNames(items, query)
  const labels = (items.find(one => one.compare_label !== 'previous') ?? items[0])?.days ?? []
  const days = query.kind === 'StickinessQuery' ? (items[0]?.labels ?? []) : labels.map(String)
  const interval = query.interval ?? 'day'
  const columns = isTotal(query)
    ? []
    : days.map(day => ({
        title: query.kind === 'StickinessQuery' ? day : pointLabel(day, interval),
        isNumber: true,
      }))
  return {
    title: 'Numbers',
    columns: [{ title: 'Series', isNumber: false }, { title: 'Total', isNumber: true }, ...columns],
    rows: items.map((item, index) => ({
      key: String(index),
      cells: [
        textCell(names[index] ?? item.label),
        asked(numberCell(totalOf(item)), trendsActors(query, item, names[index] ?? item.label, null)),
        ...columns.map((_, at) =>
          asked(numberCell(item.data[at] ?? null), trendsActors(query, item, names[index] ?? item.label, at)),
        ),
      ],
    })),
  }
}

function ofFunnel(query: InsightQuery, answer: InsightAnswer): ResultTableData {
  const view = funnelView(query)
  if (view === 'time_to_convert') {
    return {
      title: 'Time to convert',
      columns: [
        { title: 'Time', isNumber: false },
        { title: 'Converted', isNumber: true },
      ],
      rows: timeBins(answer).bins.map((bin, at) => ({
        key: String(at),
        cells: [{ shown: bin.label, value: at }, numberCell(bin.count)],
      })),
    }
  }
  if (view === 'trends') {
    const items = itemsOf<FunnelOverTime>(answer)
    const rows = items.flatMap((item, index) =>
      item.days.map((day, at) => ({
        key: `${index}:${day}`,
        cells: [
          textCell(pointLabel(day, query.interval ?? 'day', true), day),
          ...(item.breakdown_value === undefined ? [] : [textCell(breakdownName(item.breakdown_value))]),
          numberCell(item.reached_from_step_count?.[at] ?? null),
          numberCell(item.reached_to_step_count?.[at] ?? null),
          { shown: percent(item.data[at] ?? 0), value: item.data[at] ?? 0 },
        ],
      })),
    )
    const isSplit = items[0]?.breakdown_value !== undefined
    return {
      title: 'Conversion over time',
      columns: [
        { title: 'Entered', isNumber: false },
        ...(isSplit ? [{ title: 'Value', isNumber: false }] : []),
        { title: 'People', isNumber: true },
        { title: 'Converted', isNumber: true },
        { title: 'Rate', isNumber: true },
      ],
      rows,
    }
  }
  const splits = splitsOf(answer)
  const isSplit = (splits[0]?.name ?? '') !== ''
  const named = (order: number) => query.series?.[order]?.custom_name
  return {
    title: 'Steps',
    columns: [
      { title: 'Step', isNumber: false },
      ...(isSplit ? [{ title: 'Value', isNumber: false }] : []),
      ...['People', 'Of all', 'Of the step before', 'Dropped', 'Average time', 'Median time'].map(title => ({
        title,
        isNumber: true,
      })),
    ],
    rows: splits.flatMap(split =>
      split.steps.map((step, index) => {
        const numbers = numbersOf(split.steps, index)
        return {
          key: `${split.name}:${step.order}`,
          cells: [
            { shown: `${index + 1}. ${named(step.order) ?? stepName(step)}`, value: index },
            ...(isSplit ? [textCell(split.name)] : []),
            asked(numberCell(numbers.count), funnelActors(query, step, false)),
            { shown: percent(numbers.ofAll), value: numbers.ofAll },
            { shown: percent(numbers.ofPrevious), value: numbers.ofPrevious },
            asked(numberCell(numbers.dropped), index > 0 ? funnelActors(query, step, true) : null),
            timeCell(step.average_conversion_time),
            timeCell(step.median_conversion_time),
          ],
        }
      }),
    ),
  }
}

function ofRetention(rows: RetentionRow[]): ResultTableData {
  const isSplit = rows.some(row => row.breakdown_value !== null && row.breakdown_value !== undefined)
  return {
    title: 'People who came back',
    columns: [
      { title: 'Began', isNumber: false },
      ...(isSplit ? [{ title: 'Value', isNumber: false }] : []),
      ...(rows[0]?.values ?? []).map(cell => ({ title: cell.label, isNumber: true })),
    ],
    rows: rows.map((row, at) => ({
      key: String(at),
      cells: [
        textCell(row.date.slice(0, 16).replace('T00:00', '').replace('T', ' ')),
        ...(isSplit ? [textCell(breakdownName(row.breakdown_value))] : []),
        ...row.values.map(cell => numberCell(cell.count)),
      ],
    })),
  }
}

function ofPaths(query: InsightQuery, edges: PathEdge[]): ResultTableData {
  const short = shortNames(edges.flatMap(edge => [itemOf(edge.source), itemOf(edge.target)]))
  const named = (key: string) => {
    const shown = short.get(itemOf(key)) ?? itemOf(key)
    return textCell(`${key.slice(0, key.indexOf('_'))}. ${shown}`)
  }
  return {
    title: 'Ways',
    columns: [
      { title: 'From', isNumber: false },
      { title: 'To', isNumber: false },
      { title: 'Times', isNumber: true },
      { title: 'Average time', isNumber: true },
      { title: 'Path ended there', isNumber: false },
    ],
    rows: edges.map((edge, at) => ({
      key: String(at),
      cells: [
        named(edge.source),
        named(edge.target),
        asked(numberCell(edge.value), pathActors(query, edge)),
        timeCell(edge.average_conversion_time === null ? null : edge.average_conversion_time / 1000),
        { ...textCell('Who?', edge.target), who: leftActors(query, edge.target) },
      ],
    })),
  }
}

function textCell(shown: string, value: string = shown): Cell {
  return { shown, value }
}

function numberCell(value: number | null): Cell {
  return { shown: exact(value), value: value ?? Number.NEGATIVE_INFINITY }
}

/** Nobody is behind nothing. */
function asked(cell: Cell, who: ActorsQuestion | null): Cell {
  return who && cell.value !== 0 ? { ...cell, who } : cell
}

function timeCell(seconds: number | null | undefined): Cell {
  if (seconds === null || seconds === undefined) return { shown: '–', value: Number.NEGATIVE_INFINITY }
  return { shown: duration(seconds), value: seconds }
}
