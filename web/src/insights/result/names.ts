/** What series, steps and values of breakdowns are called. */
import { knownEvent } from '@/components/eventNames'
import { breakdownsOf } from '../query/breakdowns'
import type { InsightQuery } from '../query/insightQuery'
import type { TrendsItem } from './answers'
import { COUNTRY_CODE, countryName } from './map/countryName'

const NULL_VALUE = '$$_posthog_breakdown_null_$$'
const OTHER_VALUE = '$$_posthog_breakdown_other_$$'
const JOINED = '::'

export function breakdownName(value: unknown): string {
  if (Array.isArray(value)) return value.map(breakdownName).join(' · ')
  if (value === null || value === undefined || value === '' || value === NULL_VALUE) return 'None'
  if (value === OTHER_VALUE) return 'Other'
  const text = String(value)
  // Retention answers several values as one text.
  const parts = text.split(JOINED)
  if (parts.length > 1 && parts.every(one => one === OTHER_VALUE)) return 'Other'
  return parts.includes(NULL_VALUE) ? parts.map(breakdownName).join(' · ') : text
}

export function stepName(one: { name?: string | null; custom_name?: string | null }): string {
  const name = one.name ?? ''
  return one.custom_name || knownEvent(name) || name || 'All events'
}

const MATH_WORDS: Readonly<Record<string, string>> = {
  dau: 'unique users',
  weekly_active: 'weekly active',
  monthly_active: 'monthly active',
  unique_session: 'unique sessions',
  unique_group: 'unique groups',
  hogql: 'HogQL',
  first_time_for_user: 'first time',
  first_matching_event_for_user: 'first match',
}

/** Unique among the series of the answer, as far as the answer tells them apart. */
export function trendsNames(items: TrendsItem[], query: InsightQuery): string[] {
  const series = query.series ?? []
  const names = series.map(stepName)
  const isCohorts =
    query.breakdownFilter?.breakdown_type === 'cohort' ||
    query.breakdownFilter?.breakdowns?.[0]?.type === 'cohort'
  const split = breakdownsOf(query.breakdownFilter)
  const isCountries = split.length === 1 && split[0]?.property === COUNTRY_CODE
  return items.map(item => {
    const order = item.action?.order ?? 0
    const node = series[order]
    const twice = names.filter(one => one === names[order]).length > 1
    const math = node?.math && node.math !== 'total' ? (MATH_WORDS[node.math] ?? node.math) : 'count'
    const base = item.action
      ? (names[order] ?? stepName(item.action)) +
        (twice ? ` (${[math, node?.math_property].filter(Boolean).join(' of ')})` : '')
      : item.label
    const isSplit = item.breakdown_value !== undefined && item.breakdown_value !== null
    // A cohort's value is its number: only the label tells its name.
    const value = isCohorts
      ? item.label.replace(`${item.action?.name ?? ''} - `, '')
      : (isCountries && countryName([item.breakdown_value].flat()[0])) || breakdownName(item.breakdown_value)
    const several = series.length > 1 || !item.action
    const name = isSplit ? (several ? (item.action ? `${base} · ${value}` : base) : value) : base
    return item.compare_label === 'previous' ? `${name} (previous)` : name
  })
}

/** Of a lifecycle: `Returning`. */
export function statusName(item: TrendsItem): string {
  const name = item.status ?? item.label
  return name.charAt(0).toUpperCase() + name.slice(1)
}
