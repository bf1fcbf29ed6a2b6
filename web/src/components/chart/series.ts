/** What a chart draws, and what follows from it without drawing. */
import type { Interval } from '@/api/query'
import type { NumberFormat } from '../format'

export type ChartKind = 'line' | 'area' | 'bar' | 'stacked' | 'horizontal' | 'pie' | 'number' | 'table'

export interface Series {
  /** Unique within the chart. */
  id: string
  name: string
  data: (number | null)[]
  /** One of `PALETTE`; default: by its place. */
  color?: string
  /** Drawn faint and dashed: the period before. */
  isComparison?: boolean
}

/** Something that happened, noted at a point. */
export interface Mark {
  /** The point it stands at, as in `x`. */
  x: string
  text: string
  /** Who noted it, and the moment. */
  by?: string
}

export interface ChartData {
  kind: ChartKind
  /** Days or times as the API answers them, or names of categories. */
  x: string[]
  series: Series[]
  interval?: Interval
  format?: NumberFormat
  unit?: string
  /** The last point's interval is not over yet: the line to it is dashed. */
  lastIsIncomplete?: boolean
  /** Drawn above the points; with an empty list there is room for them. */
  marks?: Mark[]
  logarithmic?: boolean
}

/** Ten colours that people with any colour vision tell apart next to each other, for light and for dark ground. */
export const PALETTE: readonly string[] = [
  '#4f5bd5',
  '#e07b00',
  '#0f9d8a',
  '#c43d7b',
  '#3b8fd9',
  '#8a6d00',
  '#7a4fb5',
  '#5a8f29',
  '#d2452f',
  '#6b7280',
]
export const PALETTE_DARK: readonly string[] = [
  '#8b95f0',
  '#f5a13d',
  '#3fc7b3',
  '#ec79ab',
  '#72b7f2',
  '#d0b03f',
  '#b08fe6',
  '#94c665',
  '#f4816f',
  '#a9aeb9',
]

export function colorOf(index: number, dark: boolean): string {
  const palette = dark ? PALETTE_DARK : PALETTE
  return palette[index % palette.length] ?? '#4f5bd5'
}

/** The number that stands for a whole series where there is room for one. */
export function total(series: Series): number {
  return series.data.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/

/** A point's day or time in words; anything else stays as it is. The API answers in the project's zone already. */
export function pointLabel(text: string, interval: Interval | undefined, long = false): string {
  const found = DAY.exec(text)
  if (!found || !interval) return text
  const [, year, month, day, hour = '0', minute = '0'] = found
  const moment = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)),
  )
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const date = { day: 'numeric', month: 'short' } as const
  const how: Intl.DateTimeFormatOptions =
    interval === 'month'
      ? { month: long ? 'long' : 'short', year: 'numeric' }
      : interval === 'hour' || interval === 'minute'
        ? { ...date, ...clock, ...(long && { weekday: 'short' }) }
        : { ...date, ...(long && { weekday: 'short', year: 'numeric' }) }
  const words = new Intl.DateTimeFormat('en-GB', { ...how, timeZone: 'UTC' }).format(moment)
  return interval === 'week' && long ? `Week of ${words}` : words
}

/** Whether the interval of the last point still runs, for a range that reaches to now. */
export function isIncomplete(
  x: string[],
  interval: Interval | undefined,
  zone: string,
  now: Date = new Date(),
): boolean {
  return x.length > 0 && placeOf(now, x.slice(-1), interval, zone) === 0
}

/** The point whose interval a moment lies in, for points in order; -1 where there is none. */
export function placeOf(moment: Date, x: string[], interval: Interval | undefined, zone: string): number {
  if (!interval || Number.isNaN(moment.getTime())) return -1
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(moment)
  const at = stamp(wall)
  const place = x.findLastIndex(one => stamp(one) <= at)
  const start = stamp(x[place] ?? '')
  const end = new Date(start)
  if (interval === 'month') end.setUTCMonth(end.getUTCMonth() + 1)
  else end.setTime(start + SPAN_MS[interval])
  return at < end.getTime() ? place : -1
}

const SPAN_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const

/** A time on the wall as a number to compare; NaN for anything else. */
function stamp(text: string): number {
  const [, year, month, day, hour = '0', minute = '0'] = DAY.exec(text) ?? []
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
}
