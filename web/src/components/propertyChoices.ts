/** Properties that no definition lists, because they are columns or computed. */
import type { PropertyType } from '@/api/definition'
import type { FilterSource } from '@/api/propertyFilter'

export interface PropertyChoice {
  name: string
  type: PropertyType
}

const FIXED: Partial<Record<FilterSource, PropertyChoice[]>> = {
  session: [
    { name: '$session_duration', type: 'Numeric' },
    { name: '$pageview_count', type: 'Numeric' },
    { name: '$autocapture_count', type: 'Numeric' },
    { name: '$screen_count', type: 'Numeric' },
    { name: '$is_bounce', type: 'Boolean' },
    { name: '$channel_type', type: 'String' },
    { name: '$entry_current_url', type: 'String' },
    { name: '$entry_pathname', type: 'String' },
    { name: '$end_current_url', type: 'String' },
    { name: '$end_pathname', type: 'String' },
    { name: '$entry_referring_domain', type: 'String' },
    { name: '$entry_utm_source', type: 'String' },
    { name: '$entry_utm_medium', type: 'String' },
    { name: '$entry_utm_campaign', type: 'String' },
  ],
  element: [
    { name: 'text', type: 'String' },
    { name: 'tag_name', type: 'String' },
    { name: 'href', type: 'String' },
    { name: 'selector', type: 'String' },
  ],
  event_metadata: [
    { name: 'event', type: 'String' },
    { name: 'distinct_id', type: 'String' },
    { name: 'person_id', type: 'String' },
    { name: 'timestamp', type: 'DateTime' },
  ],
}

export function fixedChoices(source: FilterSource): PropertyChoice[] | undefined {
  return FIXED[source]
}
