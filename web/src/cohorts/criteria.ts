/** What a dynamic cohort is made of, as it is edited: groups of criteria, and from and to the API's filters. */
import type { PropertyFilter } from '@/api/propertyFilter'
import { isComplete } from '@/components/operators'

export type Match = 'AND' | 'OR'
export type TimeUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'
export type CountOperator = 'gte' | 'lte' | 'gt' | 'lt' | 'exact'

export type BehaviorKind =
  | 'performed_event'
  | 'performed_event_multiple'
  | 'performed_event_first_time'
  | 'performed_event_regularly'
  | 'performed_event_sequence'
  | 'stopped_performing_event'
  | 'restarted_performing_event'

export interface Behavior {
  type: 'behavioral'
  value: BehaviorKind
  /** An event's name, or an action's number. */
  key: string | number | null
  event_type: 'events' | 'actions'
  event_filters?: PropertyFilter[]
  time_value?: number
  time_interval?: TimeUnit
  /** Instead of a window: since then. */
  explicit_datetime?: string | null
  operator?: CountOperator
  operator_value?: number
  min_periods?: number
  total_periods?: number
  seq_event?: string | number | null
  seq_event_type?: 'events' | 'actions'
  seq_time_value?: number
  seq_time_interval?: TimeUnit
  negation?: boolean
}

export interface OfPerson extends Omit<PropertyFilter, 'type'> {
  type: 'person'
  negation?: boolean
}

export interface InCohort {
  type: 'cohort'
  key: 'id'
  value: number | null
  negation?: boolean
}

/** What this page has no fields for: kept as it is. */
export interface Kept {
  type: 'kept'
  given: unknown
}

export type Criterion = Behavior | OfPerson | InCohort | Kept
export type CriterionKind = 'person' | 'cohort' | BehaviorKind

export interface CriteriaGroup {
  type: Match
  values: Criterion[]
}

export interface Criteria {
  type: Match
  groups: CriteriaGroup[]
}

const BEHAVIORS: readonly string[] = [
  'performed_event',
  'performed_event_multiple',
  'performed_event_first_time',
  'performed_event_regularly',
  'performed_event_sequence',
  'stopped_performing_event',
  'restarted_performing_event',
]

/** What a criterion says until somebody changes it. */
export function criterionOf(kind: CriterionKind, before?: Criterion): Criterion {
  if (kind === 'person') return { type: 'person', key: '' }
  if (kind === 'cohort') return { type: 'cohort', key: 'id', value: null }
  const kept = before?.type === 'behavioral' ? before : undefined
  const common: Behavior = {
    type: 'behavioral',
    value: kind,
    key: kept?.key ?? null,
    event_type: kept?.event_type ?? 'events',
    ...(kept?.event_filters?.length && { event_filters: kept.event_filters }),
    ...(kept?.negation && { negation: true }),
    time_value: kept?.time_value ?? 30,
    time_interval: kept?.time_interval ?? 'day',
  }
  switch (kind) {
    case 'performed_event_multiple':
      return { ...common, operator: 'gte', operator_value: 5 }
    case 'performed_event_regularly':
      return {
        ...common,
        operator: 'gte',
        operator_value: 1,
        time_value: 1,
        time_interval: 'week',
        min_periods: 3,
        total_periods: 4,
      }
    case 'performed_event_sequence':
      return {
        ...common,
        seq_event: null,
        seq_event_type: 'events',
        seq_time_value: 1,
        seq_time_interval: 'day',
      }
    case 'stopped_performing_event':
    case 'restarted_performing_event':
      return { ...common, seq_time_value: 7, seq_time_interval: 'day' }
    default:
      return common
  }
}

export function kindOf(criterion: Criterion): CriterionKind | null {
  if (criterion.type === 'kept') return null
  return criterion.type === 'behavioral' ? criterion.value : criterion.type
}

export const EMPTY: Criteria = { type: 'OR', groups: [{ type: 'AND', values: [criterionOf('person')] }] }

/** The API's filters as groups; what is nested deeper is kept as it is. */
export function criteriaOf(filters: unknown): Criteria {
  const root = (filters as { properties?: unknown } | null)?.properties
  if (!isGroup(root)) return EMPTY
  if (root.values.length > 0 && !root.values.some(isGroup)) {
    return { type: 'OR', groups: [{ type: root.type, values: root.values.map(readCriterion) }] }
  }
  const groups = root.values.map(
    (one): CriteriaGroup =>
      isGroup(one)
        ? { type: one.type, values: one.values.map(readCriterion) }
        : { type: 'AND', values: [readCriterion(one)] },
  )
  return groups.length > 0 ? { type: root.type, groups } : EMPTY
}

export function filtersOf(criteria: Criteria): unknown {
  return {
    properties: {
      type: criteria.type,
      values: criteria.groups.map(group => ({
        type: group.type,
        values: group.values.map(one => (one.type === 'kept' ? one.given : cleaned(one))),
      })),
    },
  }
}

/** Whether everything is filled in. */
export function isWhole(criteria: Criteria): boolean {
  return (
    criteria.groups.length > 0 &&
    criteria.groups.every(group => group.values.length > 0 && group.values.every(isFilled))
  )
}

export function isFilled(one: Criterion): boolean {
  if (one.type === 'kept') return true
  if (one.type === 'person') return one.key !== '' && isComplete(one)
  if (one.type === 'cohort') return one.value !== null
  if (!isNamed(one.key)) return false
  if (!one.explicit_datetime && !isCount(one.time_value)) return false
  const { value, operator_value, min_periods, total_periods } = one
  if (value === 'performed_event_multiple') return operator_value !== undefined && operator_value >= 0
  if (value === 'performed_event_regularly') {
    return (
      isCount(operator_value) &&
      isCount(min_periods) &&
      isCount(total_periods) &&
      min_periods <= total_periods
    )
  }
  if (value === 'performed_event_sequence') return isNamed(one.seq_event) && isCount(one.seq_time_value)
  if (value === 'stopped_performing_event' || value === 'restarted_performing_event') {
    return isCount(one.seq_time_value)
  }
  return true
}

function isNamed(key: string | number | null | undefined): boolean {
  return key !== null && key !== undefined && key !== ''
}

function isCount(number: number | undefined): number is number {
  return number !== undefined && Number.isInteger(number) && number >= 1
}

function isGroup(given: unknown): given is { type: Match; values: unknown[] } {
  const one = given as { type?: unknown; values?: unknown } | null
  return (
    typeof one === 'object' &&
    one !== null &&
    (one.type === 'AND' || one.type === 'OR') &&
    Array.isArray(one.values)
  )
}

function readCriterion(given: unknown): Criterion {
  const one = (given ?? {}) as Record<string, unknown>
  if (one.type === 'behavioral' && BEHAVIORS.includes(String(one.value))) {
    const filters = one.event_filters
    if (filters === undefined || filters === null || Array.isArray(filters)) return counted(one)
  }
  if (one.type === 'person' && typeof one.key === 'string') return one as unknown as OfPerson
  if (one.type === 'cohort' || one.type === 'static-cohort' || one.type === 'dynamic-cohort') {
    const value = Number(one.value)
    if (Number.isSafeInteger(value)) {
      return { type: 'cohort', key: 'id', value, ...(one.negation === true && { negation: true }) }
    }
  }
  return { type: 'kept', given }
}

/** Counts may come as texts. */
function counted(given: Record<string, unknown>): Behavior {
  const found: Record<string, unknown> = { ...given }
  for (const name of ['time_value', 'seq_time_value', 'operator_value', 'min_periods', 'total_periods']) {
    if (typeof found[name] === 'string') found[name] = Number(found[name])
  }
  return found as unknown as Behavior
}

/** Without what says nothing. */
function cleaned(one: Exclude<Criterion, Kept>): unknown {
  const { negation, ...rest } = one
  const found: Record<string, unknown> = { ...rest, ...(negation && { negation }) }
  const filters = (found.event_filters as PropertyFilter[] | undefined)?.filter(isComplete)
  if (filters) found.event_filters = filters
  if (Array.isArray(filters) && filters.length === 0) delete found.event_filters
  return found
}
