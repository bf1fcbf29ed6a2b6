/** What can be counted of a series. */
import { type GroupType, groupTypeNames } from '@/api/group'
import type { InsightKind, SeriesNode } from './insightQuery'

export interface MathChoice {
  /** `unique_group:0` for groups of the first type. */
  value: string
  label: string
}

export interface MathGroup {
  group: string
  items: MathChoice[]
}

const OF_PROPERTY: readonly [string, string][] = [
  ['sum', 'Sum of'],
  ['avg', 'Average of'],
  ['min', 'Minimum of'],
  ['max', 'Maximum of'],
  ['median', 'Median of'],
  ['p75', '75th percentile of'],
  ['p90', '90th percentile of'],
  ['p95', '95th percentile of'],
  ['p99', '99th percentile of'],
]
const PER_USER: readonly [string, string][] = [
  ['avg', 'Average'],
  ['min', 'Minimum'],
  ['max', 'Maximum'],
  ['median', 'Median'],
  ['p75', '75th percentile'],
  ['p90', '90th percentile'],
  ['p95', '95th percentile'],
  ['p99', '99th percentile'],
]

export function mathChoices(kind: InsightKind, groupTypes: GroupType[]): MathGroup[] {
  const groups = groupTypes.map(type => ({
    value: `unique_group:${type.group_type_index}`,
    label: `Unique ${groupTypeNames(type).toLowerCase()}`,
  }))
  if (kind === 'StickinessQuery') {
    return [
      {
        group: 'Counted are',
        items: [{ value: 'total', label: 'Unique users' }, ...groups, { value: 'hogql', label: 'HogQL' }],
      },
    ]
  }
  if (kind === 'FunnelsQuery') {
    return [
      {
        group: 'Counts',
        items: [
          { value: 'total', label: 'Any time' },
          { value: 'first_time_for_user', label: 'First time ever' },
          { value: 'first_time_for_user_with_filters', label: 'First time that matches' },
        ],
      },
    ]
  }
  return [
    {
      group: 'Counts',
      items: [
        { value: 'total', label: 'Total count' },
        { value: 'dau', label: 'Unique users' },
        { value: 'weekly_active', label: 'Weekly active users' },
        { value: 'monthly_active', label: 'Monthly active users' },
        { value: 'unique_session', label: 'Unique sessions' },
        ...groups,
        { value: 'first_time_for_user', label: 'First time for user' },
        { value: 'first_matching_event_for_user', label: 'First match for user' },
      ],
    },
    {
      group: 'Of a property',
      items: OF_PROPERTY.map(([value, label]) => ({ value, label: `${label} property` })),
    },
    {
      group: 'Count for each user',
      items: PER_USER.map(([value, label]) => ({
        value: `${value}_count_per_actor`,
        label: `${label} count per user`,
      })),
    },
    { group: 'Else', items: [{ value: 'hogql', label: 'HogQL expression' }] },
  ]
}

export function needsProperty(math: string | null | undefined): boolean {
  return OF_PROPERTY.some(([one]) => one === math)
}

/** What the selection shows for a series. */
export function mathValue(node: SeriesNode): string {
  if (node.math === 'unique_group') return `unique_group:${node.math_group_type_index ?? 0}`
  return node.math ?? 'total'
}

export function withMath(node: SeriesNode, value: string): SeriesNode {
  const kept = { ...node }
  const [math = 'total', group] = value.split(':')
  delete kept.math_group_type_index
  if (math !== 'hogql') delete kept.math_hogql
  if (!needsProperty(math)) {
    delete kept.math_property
    delete kept.math_property_type
  }
  if (math === 'total') {
    delete kept.math
    return kept
  }
  return { ...kept, math, ...(group !== undefined && { math_group_type_index: Number(group) }) }
}

/** Whether the series says enough to be asked. */
export function isAskable(node: SeriesNode): boolean {
  if (needsProperty(node.math)) return Boolean(node.math_property)
  return node.math !== 'hogql' || Boolean(node.math_hogql?.trim())
}
