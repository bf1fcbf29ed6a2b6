/** Events of a person in the sessions they happened in, the newest first. */
import type { EventRow } from '@/events/eventsQuery'

export interface Visit {
  key: string
  /** `null` for events of servers and others that know no session. */
  sessionId: string | null
  /** The newest first. */
  events: EventRow[]
  start: string
  end: string
}

/**
 * Groups events that come newest first. An event without a session goes into the session that runs around it, else
 * with its like until the next session begins.
 */
export function visitsOf(events: readonly EventRow[]): Visit[] {
  const spans = new Map<string, { start: string; end: string }>()
  for (const event of events) {
    const id = sessionOf(event)
    if (!id) continue
    const span = spans.get(id)
    if (span) span.start = event.timestamp
    else spans.set(id, { start: event.timestamp, end: event.timestamp })
  }
  const visits = new Map<string, Visit>()
  let lone: string | null = null
  for (const event of events) {
    const session = sessionOf(event) ?? around(spans, event.timestamp)
    let key: string
    if (session) {
      key = session
      lone = null
    } else {
      lone ??= `lone:${event.uuid}`
      key = lone
    }
    const visit = visits.get(key)
    if (visit) {
      visit.events.push(event)
      visit.start = event.timestamp
    } else {
      const { timestamp } = event
      visits.set(key, { key, sessionId: session, events: [event], start: timestamp, end: timestamp })
    }
  }
  return [...visits.values()]
}

export function sessionOf(event: EventRow): string | null {
  const id = event.properties.$session_id
  return typeof id === 'string' && id ? id : null
}

/** Where an event happened: a path, a screen, or nothing. */
export function placeOf(event: EventRow): string {
  const { $pathname, $current_url, $screen_name } = event.properties
  for (const one of [$pathname, $current_url, $screen_name]) {
    if (typeof one === 'string' && one) return one
  }
  return ''
}

export function seconds(visit: Visit): number {
  return Math.max(0, (Date.parse(visit.end) - Date.parse(visit.start)) / 1000)
}

function around(spans: ReadonlyMap<string, { start: string; end: string }>, moment: string): string | null {
  for (const [id, span] of spans) {
    if (span.start <= moment && moment <= span.end) return id
  }
  return null
}
