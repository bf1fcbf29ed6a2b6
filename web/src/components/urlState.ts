/**
 * The state of a page in its address: what `validateSearch` of a route is made of.
 *
 * Reading is forgiving: what an old or hand-written link says wrongly is left out, never an error.
 */

import type { PropertyFilter } from '@/api/propertyFilter'
import type { DateRangeValue, Interval } from '@/api/query'
import { INTERVALS, isDateText } from './dates'

type Reader<T> = (given: unknown) => T | undefined
type Readers = Record<string, Reader<unknown>>
export type Read<R extends Readers> = { [K in keyof R]?: R[K] extends Reader<infer T> ? T : never }

const TEXT_MAX = 10_000
const LIST_MAX = 200
const SOURCES = new Set([
  'event',
  'person',
  'group',
  'session',
  'element',
  'cohort',
  'hogql',
  'event_metadata',
])

/** A route's `validateSearch`: `validateSearch: search({ q: text, after: date, properties: filters })`. */
export function search<R extends Readers>(readers: R): (given: Record<string, unknown>) => Read<R> {
  return given => {
    const found: Record<string, unknown> = {}
    for (const [name, read] of Object.entries(readers)) {
      const value = read(given[name])
      if (value !== undefined) found[name] = value
    }
    return found as Read<R>
  }
}

/** The router reads `?q=5` as a number: text is wanted here. */
export const text: Reader<string> = given => {
  if (typeof given === 'number' || typeof given === 'boolean') return String(given)
  return typeof given === 'string' && given !== '' && given.length <= TEXT_MAX ? given : undefined
}

export const whole: Reader<number> = given =>
  typeof given === 'number' && Number.isSafeInteger(given) && given >= 0 ? given : undefined

export const flag: Reader<boolean> = given => (typeof given === 'boolean' ? given : undefined)

export const date: Reader<string> = given => (isDateText(given) ? given : undefined)

export const interval: Reader<Interval> = given => INTERVALS.find(one => one === given)

export function oneOf<const T extends string>(...allowed: T[]): Reader<T> {
  return given => allowed.find(one => one === given)
}

export const texts: Reader<string[]> = given =>
  Array.isArray(given) ? given.filter(one => typeof one === 'string').slice(0, LIST_MAX) : undefined

export const filters: Reader<PropertyFilter[]> = given => {
  if (!Array.isArray(given)) return undefined
  const found = given.filter(isFilter).slice(0, LIST_MAX)
  return found.length > 0 ? found : undefined
}

/** A whole object, for what has a validation of its own. */
export function objectOf<T extends object>(isOne: (given: object) => given is T): Reader<T> {
  return given => (typeof given === 'object' && given !== null && isOne(given) ? given : undefined)
}

/** The date range of a page that keeps it as `date_from` and `date_to`. */
export function rangeOf(
  found: { date_from?: string; date_to?: string },
  otherwise: DateRangeValue,
): DateRangeValue {
  return found.date_from ? { date_from: found.date_from, date_to: found.date_to } : otherwise
}

function isFilter(given: unknown): given is PropertyFilter {
  if (typeof given !== 'object' || given === null) return false
  const { type, key } = given as Record<string, unknown>
  return typeof key === 'string' && typeof type === 'string' && SOURCES.has(type)
}
