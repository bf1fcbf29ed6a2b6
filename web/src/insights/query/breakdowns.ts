/** One list of breakdowns for the two ways in which the API takes them. */
import type { Breakdown, BreakdownFilter } from './insightQuery'

export const BREAKDOWNS_MAX = 3

export function breakdownsOf(filter: BreakdownFilter | null | undefined): Breakdown[] {
  if (!filter) return []
  if (filter.breakdowns?.length) return filter.breakdowns
  const { breakdown, breakdown_type: type = 'event', breakdown_group_type_index: group } = filter
  if (breakdown === undefined || breakdown === null || breakdown === '') return []
  const values = Array.isArray(breakdown) ? breakdown : [breakdown]
  return values.map(property => ({
    property: typeof property === 'boolean' ? String(property) : property,
    type: type ?? 'event',
    ...(group !== undefined && group !== null && { group_type_index: group }),
    ...(typeof filter.breakdown_histogram_bin_count === 'number' && {
      histogram_bin_count: filter.breakdown_histogram_bin_count,
    }),
  }))
}

/** Cohorts stand together as a list of their numbers; one property alone, several as `breakdowns`. */
export function withBreakdowns(
  filter: BreakdownFilter | null | undefined,
  list: Breakdown[],
): BreakdownFilter | undefined {
  const kept = { ...filter }
  for (const name of OWN) delete kept[name]
  const first = list[0]
  if (!first) return undefined
  if (first.type === 'cohort') {
    const ids = list.filter(one => one.type === 'cohort').map(one => one.property)
    return { ...kept, breakdown: ids, breakdown_type: 'cohort' }
  }
  const properties = list.filter(one => one.type !== 'cohort')
  if (properties.length > 1) return { ...kept, breakdowns: properties.slice(0, BREAKDOWNS_MAX) }
  return {
    ...kept,
    breakdown: first.property,
    breakdown_type: first.type ?? 'event',
    ...(first.group_type_index !== undefined && { breakdown_group_type_index: first.group_type_index }),
    ...(first.histogram_bin_count && { breakdown_histogram_bin_count: first.histogram_bin_count }),
  }
}

const OWN = [
  'breakdown',
  'breakdown_type',
  'breakdown_group_type_index',
  'breakdown_histogram_bin_count',
  'breakdowns',
] as const

/** `breakdown_limit` and the like stay; a second breakdown takes the place of a cohort, and the other way round. */
export function added(list: Breakdown[], one: Breakdown): Breakdown[] {
  const isCohort = one.type === 'cohort'
  return [...list.filter(other => (other.type === 'cohort') === isCohort), one].slice(
    -(isCohort ? 20 : BREAKDOWNS_MAX),
  )
}
