/** From what the address says to the question, and from the answer to rows. */
import type { PropertyFilter } from '@/api/propertyFilter'
import type { EventsQuery } from '@/api/query'
import { isComplete } from '@/components/operators'

export interface EventsState {
  date_from?: string
  date_to?: string
  event?: string
  action?: number
  properties?: PropertyFilter[]
  columns?: string[]
  oldest?: boolean
  tests?: boolean
}

export const URL_OR_SCREEN = 'coalesce(properties.$current_url, properties.$screen_name)'
export const DEFAULT_COLUMNS: readonly string[] = [
  'event',
  'person',
  URL_OR_SCREEN,
  'properties.$lib',
  'timestamp',
]
export const DEFAULT_FROM = '-24h'
export const PAGE_ROWS = 100

export interface EventRow {
  uuid: string
  event: string
  timestamp: string
  distinct_id: string
  properties: Record<string, unknown>
  elements_chain: string
  /** In the order of the columns that were asked for. */
  cells: unknown[]
}

/** Without `*`, which is every event whole, for exports. */
export function eventsQuery(state: EventsState, { whole = true } = {}): EventsQuery {
  const columns = state.columns?.length ? state.columns : DEFAULT_COLUMNS
  return {
    kind: 'EventsQuery',
    select: whole ? ['*', ...columns] : [...columns],
    after: state.date_from ?? DEFAULT_FROM,
    ...(state.date_to && { before: state.date_to }),
    ...(state.event && { event: state.event }),
    ...(state.action !== undefined && { actionId: state.action }),
    ...(state.properties?.length && { properties: state.properties.filter(isComplete) }),
    ...(state.tests && { filterTestAccounts: true }),
    orderBy: [state.oldest ? 'timestamp ASC' : 'timestamp DESC'],
  }
}

const drawn = new WeakMap<object, EventRow>()

/** Rows of several pages: an event that slid to the next page while it was asked for is shown once. */
export function rowsOf(pages: unknown[][][]): EventRow[] {
  const seen = new Set<string>()
  return pages.flat().flatMap(([whole, ...cells]) => {
    const event = whole as Omit<EventRow, 'cells'>
    if (seen.has(event.uuid)) return []
    seen.add(event.uuid)
    // The same row for the same answer: a page more then draws only its own rows.
    const row = drawn.get(event) ?? { ...event, cells }
    drawn.set(event, row)
    return [row]
  })
}

/** Filters with one more: that the property has exactly this value. It takes the place of another one of its key. */
export function withFilter(
  filters: readonly PropertyFilter[],
  key: string,
  value: string | number | boolean,
): PropertyFilter[] {
  const others = filters.filter(one => one.type !== 'event' || one.key !== key || one.operator !== 'exact')
  const given = typeof value === 'boolean' ? String(value) : value
  return [...others, { type: 'event', key, operator: 'exact', value: [given] }]
}
