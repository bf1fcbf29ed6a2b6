/** Numbers and times as people read them. */

const EXACT = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const SMALL = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export type NumberFormat = 'number' | 'percent' | 'duration' | 'bytes'

/** The exact number, grouped. */
export function exact(value: number | null | undefined, format: NumberFormat = 'number', unit = ''): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  if (format === 'percent') return `${EXACT.format(value)}%`
  if (format === 'duration') return duration(value)
  if (format === 'bytes') return bytes(value)
  return unit ? `${grouped(value)} ${unit}` : grouped(value)
}

/** A rate of 0.0042 is not nothing. */
function grouped(value: number): string {
  return (Math.abs(value) < 1 ? SMALL : EXACT).format(value)
}

/** A short number for axes and tiles: `12.3K`. */
export function compact(value: number | null | undefined, format: NumberFormat = 'number'): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  if (format !== 'number') return exact(value, format)
  return Math.abs(value) < 10_000 ? grouped(value) : COMPACT.format(value)
}

const STEPS: readonly [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
]

/** Seconds in their two largest units: `2h 5m`. */
export function duration(seconds: number): string {
  const negative = seconds < 0
  let left = Math.abs(seconds)
  if (left < 1) return left === 0 ? '0s' : `${Math.round(left * 1000)}ms`
  left = Math.round(left)
  const parts: string[] = []
  for (const [unit, size] of STEPS) {
    const count = Math.floor(left / size)
    if (count > 0) parts.push(`${count}${unit}`)
    left -= count * size
    if (parts.length === 2) break
  }
  return (negative ? '-' : '') + parts.join(' ')
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

export function bytes(count: number): string {
  let left = count
  let unit = 0
  while (Math.abs(left) >= 1000 && unit < BYTE_UNITS.length - 1) {
    left /= 1000
    unit += 1
  }
  return `${left >= 100 || unit === 0 ? Math.round(left) : left.toFixed(1)} ${BYTE_UNITS[unit]}`
}

/** A moment in the zone: `23 Nov 2026, 14:05:09`. */
export function timeIn(
  zone: string,
  moment: Date | string,
  precision: 'day' | 'minute' | 'second' = 'second',
): string {
  const date = typeof moment === 'string' ? new Date(moment) : moment
  if (Number.isNaN(date.getTime())) return String(moment)
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(precision !== 'day' && { hour: '2-digit', minute: '2-digit' }),
    ...(precision === 'second' && { second: '2-digit' }),
    timeZone: zone,
  }).format(date)
}

const AGO: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

export function ago(moment: Date | string, now: Date = new Date()): string {
  const date = typeof moment === 'string' ? new Date(moment) : moment
  const seconds = (date.getTime() - now.getTime()) / 1000
  if (Number.isNaN(seconds)) return String(moment)
  for (const [unit, size] of AGO) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.round(seconds / size), unit)
  }
  return Math.abs(seconds) < 10 ? 'just now' : RELATIVE.format(Math.round(seconds), 'second')
}

/** `1 person`, `2 people`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${EXACT.format(count)} ${count === 1 ? one : many}`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
