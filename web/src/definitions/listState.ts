import type { EventDefinitionsAsked, PropertyDefinitionsAsked } from '@/api/definition'

/** What the address says of the lists. */
export interface ListState {
  q?: string
  kind?: 'event_custom' | 'event_posthog'
  verified?: boolean
  order?: EventDefinitionsAsked['ordering']
  of?: 'event' | 'person' | 'group'
  group?: number
  hidden?: boolean
  /** Counted from one. */
  page?: number
}

export type ChangeList = (changed: Partial<ListState>) => void

export const PAGE_ROWS = 50

export function eventsAsked({
  q,
  kind,
  verified,
  order,
  hidden,
  page = 1,
}: ListState): EventDefinitionsAsked {
  return {
    search: q,
    event_type: kind,
    verified: verified || undefined,
    ordering: order ?? '-last_seen_at',
    exclude_hidden: hidden ? undefined : true,
    limit: PAGE_ROWS,
    offset: (Math.max(1, page) - 1) * PAGE_ROWS,
  }
}

export function propertiesAsked({
  q,
  of = 'event',
  group,
  hidden,
  page = 1,
}: ListState): PropertyDefinitionsAsked {
  return {
    search: q,
    type: of,
    group_type_index: of === 'group' ? (group ?? 0) : undefined,
    exclude_hidden: hidden ? undefined : true,
    limit: PAGE_ROWS,
    offset: (Math.max(1, page) - 1) * PAGE_ROWS,
  }
}
