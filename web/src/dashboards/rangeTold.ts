import type { DashboardFilters, TileInsight } from '@/api/dashboard'
import type { AnyQuery, DateRangeValue } from '@/api/query'
import { rangeLabel } from '@/components/dates'

const DEPTH_MAX = 4

/** The time that an insight looks at, in words; empty for questions that have none. */
export function rangeTold(insight: Pick<TileInsight, 'query'>, over: DashboardFilters): string {
  const source = innermost(insight.query)
  if (!source) return ''
  if (source.kind === 'HogQLQuery' && !over.date_from) return ''
  if (over.date_from) return rangeLabel(over)
  const range = source.dateRange as DateRangeValue | null | undefined
  if (range?.date_from) return rangeLabel(range)
  return source.kind === 'EventsQuery' ? '' : rangeLabel({})
}

/** Nodes that only say how something is shown are looked through. */
function innermost(query: AnyQuery | null): AnyQuery | null {
  let found = query
  for (let depth = 0; found?.source && depth < DEPTH_MAX; depth++) found = found.source as AnyQuery
  return found
}
