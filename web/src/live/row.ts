import type { LiveEvent } from '@/api/liveEvent'
import type { EventRow } from '@/events/eventsQuery'

/** As the explorer shows an event that is opened. */
export function rowOf({
  id,
  event,
  timestamp,
  distinct_id,
  properties,
  elements_chain,
}: LiveEvent): EventRow {
  return { uuid: id, event, timestamp, distinct_id, properties, elements_chain, cells: [] }
}

/** The page or screen that it happened on. */
export function whereOf({ properties }: LiveEvent): string {
  const found = properties.$current_url ?? properties.$screen_name
  return found === undefined || found === null ? '' : String(found)
}
