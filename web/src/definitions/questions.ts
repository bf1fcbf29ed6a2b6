/** Questions about what events and properties there were. */
import type { AnyQuery } from '@/api/query'
import { eventProperty, text } from '@/components/hogql'

export const DAYS = 30

/** How many of each of these events there were. */
export function volumesQuery(names: readonly string[]): AnyQuery | null {
  if (names.length === 0) return null
  const wanted = names.map(text).join(', ')
  const query = `SELECT event, count() FROM events WHERE timestamp > now() - INTERVAL ${DAYS} DAY AND event IN (${wanted}) GROUP BY event LIMIT ${names.length}`
  return { kind: 'HogQLQuery', query }
}

/** Events by day. */
export function trendQuery(event: string): AnyQuery {
  return {
    kind: 'TrendsQuery',
    series: [{ kind: 'EventsNode', event }],
    dateRange: { date_from: `-${DAYS}d` },
    interval: 'day',
  }
}

/** On which events a property was, and on how many of them. */
export function carriersQuery(property: string): AnyQuery {
  const query = `SELECT event, countIf(isNotNull(${eventProperty(property)})) AS having, count() AS of FROM events WHERE timestamp > now() - INTERVAL ${DAYS} DAY GROUP BY event HAVING having > 0 ORDER BY having DESC LIMIT 100`
  return { kind: 'HogQLQuery', query }
}

/** Counts by name out of an answer of two columns. */
export function countsOf(rows: readonly unknown[][] | undefined): ReadonlyMap<string, number> {
  return new Map((rows ?? []).map(([name, count]) => [String(name), Number(count)]))
}
