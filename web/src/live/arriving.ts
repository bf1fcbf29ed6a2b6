/** Events as they come in, poll by poll. */
import type { LiveAsked, LiveEvent } from '@/api/liveEvent'

export interface Arrived {
  event: LiveEvent
  /** It came while one was looking, not with the first answer. */
  isNew: boolean
}

export const KEPT_MAX = 300

/** What is known with what the poll brought, the newest first. The same list if it brought nothing. */
export function withArrived(known: readonly Arrived[], found: readonly LiveEvent[]): readonly Arrived[] {
  const ids = new Set(known.map(one => one.event.id))
  const isFirst = known.length === 0
  const fresh = found.filter(one => !ids.has(one.id)).map(event => ({ event, isNew: !isFirst }))
  if (fresh.length === 0) return known
  const all = [...fresh, ...known]
  all.sort((one, other) => Date.parse(other.event.timestamp) - Date.parse(one.event.timestamp))
  return all.slice(0, KEPT_MAX)
}

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i

/** A person is named by their id or by a distinct id. */
export function askedFor(event: string | undefined, person: string | undefined): LiveAsked {
  const wanted = person?.trim()
  return {
    ...(event && { event }),
    ...(wanted && (UUID.test(wanted) ? { person_id: wanted } : { distinct_id: wanted })),
  }
}
