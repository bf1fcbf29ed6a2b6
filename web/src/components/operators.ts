/** What can be said of a property: its operators, how many values they take, and the filter in words. */
import type { PropertyType } from '@/api/definition'
import type { FilterSource, FilterValue, PropertyFilter } from '@/api/propertyFilter'

export interface Operator {
  id: string
  /** As it reads between the property and the value. */
  words: string
  values: 'none' | 'one' | 'many' | 'number' | 'range' | 'date'
}

const LISTED: readonly Operator[] = [
  { id: 'exact', words: '=', values: 'many' },
  { id: 'is_not', words: '≠', values: 'many' },
  { id: 'icontains', words: 'contains', values: 'one' },
  { id: 'not_icontains', words: 'does not contain', values: 'one' },
  { id: 'icontains_multi', words: 'contains any of', values: 'many' },
  { id: 'not_icontains_multi', words: 'contains none of', values: 'many' },
  { id: 'starts_with', words: 'starts with', values: 'one' },
  { id: 'not_starts_with', words: 'does not start with', values: 'one' },
  { id: 'ends_with', words: 'ends with', values: 'one' },
  { id: 'not_ends_with', words: 'does not end with', values: 'one' },
  { id: 'regex', words: 'matches', values: 'one' },
  { id: 'not_regex', words: 'does not match', values: 'one' },
  { id: 'gt', words: '>', values: 'number' },
  { id: 'gte', words: '≥', values: 'number' },
  { id: 'lt', words: '<', values: 'number' },
  { id: 'lte', words: '≤', values: 'number' },
  { id: 'between', words: 'is between', values: 'range' },
  { id: 'is_date_exact', words: 'is on', values: 'date' },
  { id: 'is_date_before', words: 'is before', values: 'date' },
  { id: 'is_date_after', words: 'is after', values: 'date' },
  { id: 'semver_eq', words: 'version =', values: 'one' },
  { id: 'semver_neq', words: 'version ≠', values: 'one' },
  { id: 'semver_gt', words: 'version >', values: 'one' },
  { id: 'semver_gte', words: 'version ≥', values: 'one' },
  { id: 'semver_lt', words: 'version <', values: 'one' },
  { id: 'semver_lte', words: 'version ≤', values: 'one' },
  { id: 'semver_tilde', words: 'version ~', values: 'one' },
  { id: 'semver_caret', words: 'version ^', values: 'one' },
  { id: 'semver_wildcard', words: 'version like', values: 'one' },
  { id: 'in', words: 'in', values: 'one' },
  { id: 'not_in', words: 'not in', values: 'one' },
  { id: 'flag_evaluates_to', words: '=', values: 'one' },
  { id: 'is_set', words: 'is set', values: 'none' },
  { id: 'is_not_set', words: 'is not set', values: 'none' },
]
const BY_ID = new Map(LISTED.map(one => [one.id, one]))

const ALWAYS = ['is_set', 'is_not_set']
const OF_TEXT = [
  'exact',
  'is_not',
  'icontains',
  'not_icontains',
  'starts_with',
  'ends_with',
  'regex',
  'not_regex',
]
const OF_NUMBERS = ['exact', 'is_not', 'gt', 'gte', 'lt', 'lte', 'between']
const OF_DATES = ['is_date_after', 'is_date_before', 'is_date_exact']
const OF_BOOLEANS = ['exact', 'is_not']
const OF_QUERIES = new Set(['between', 'in', 'not_in', 'flag_evaluates_to'])

export function operatorsFor(type: PropertyType | undefined, source: FilterSource): Operator[] {
  if (source === 'cohort') return named(['in', 'not_in'])
  if (source === 'hogql') return []
  switch (type) {
    case 'Numeric':
    case 'Duration':
      return named([...OF_NUMBERS, ...ALWAYS])
    case 'DateTime':
      return named([...OF_DATES, ...ALWAYS])
    case 'Boolean':
      return named([...OF_BOOLEANS, ...ALWAYS])
    case 'String':
      return named([...OF_TEXT, 'semver_gte', 'semver_lt', ...ALWAYS])
    default:
      return named([...OF_TEXT, 'gt', 'lt', ...OF_DATES, ...ALWAYS])
  }
}

export type OperatorsOf = (type: PropertyType | undefined, source: FilterSource) => Operator[]

/** A flag is matched before any data is asked: it knows more of texts, and no ranges. */
export const flagOperatorsFor: OperatorsOf = (type, source) => {
  if (source === 'flag') return named(['flag_evaluates_to'])
  if (source === 'cohort') return named(['in', 'not_in'])
  const first = operatorsFor(type, source).filter(one => !OF_QUERIES.has(one.id))
  const others = LISTED.filter(one => !OF_QUERIES.has(one.id) && !first.includes(one))
  return [...first, ...others]
}

export function operatorOf(id: string | undefined): Operator {
  return BY_ID.get(id ?? 'exact') ?? { id: id ?? 'exact', words: id ?? '=', values: 'one' }
}

/** The value under another operator, kept as far as it means something there. */
export function valueFor(operator: string, value: FilterValue | undefined): FilterValue {
  const list = Array.isArray(value) ? value : value === null || value === undefined ? [] : [String(value)]
  switch (operatorOf(operator).values) {
    case 'none':
      return operator
    case 'many':
      return list
    case 'range':
      return list.length === 2 ? list : [list[0] ?? '', '']
    default:
      return list[0] ?? ''
  }
}

/** Whether the filter says enough to be sent. An empty value restricts nothing, or is refused. */
export function isComplete(filter: PropertyFilter): boolean {
  if (!filter.key) return false
  if (filter.type === 'hogql') return filter.key.trim() !== ''
  if (filter.type === 'cohort')
    return filter.value !== null && filter.value !== undefined && filter.value !== ''
  switch (operatorOf(filter.operator).values) {
    case 'none':
      return true
    case 'many':
      return Array.isArray(filter.value)
        ? filter.value.length > 0
        : filter.value !== undefined && filter.value !== ''
    case 'range':
      return Array.isArray(filter.value) && filter.value.length === 2 && filter.value.every(one => one !== '')
    default:
      return filter.value !== undefined && filter.value !== null && filter.value !== ''
  }
}

/** `plan = pro or free`, in words a person reads. */
export function filterWords(filter: PropertyFilter): { subject: string; words: string; value: string } {
  if (filter.type === 'hogql') return { subject: filter.key, words: '', value: '' }
  if (filter.type === 'cohort') {
    const words = filter.operator === 'not_in' ? 'not in cohort' : 'in cohort'
    return { subject: 'Person', words, value: filter.cohort_name || String(filter.value) }
  }
  if (filter.type === 'flag') {
    const value = filter.value === true ? 'on' : filter.value === false ? 'off' : String(filter.value)
    return { subject: `Flag ${filter.label || filter.key}`, words: '=', value }
  }
  const operator = operatorOf(filter.operator)
  const values = Array.isArray(filter.value) ? filter.value : [filter.value]
  const glue = operator.values === 'range' ? ' and ' : ' or '
  const value = operator.values === 'none' ? '' : values.map(String).join(glue)
  return { subject: filter.key, words: operator.words, value }
}

function named(ids: readonly string[]): Operator[] {
  return ids.map(operatorOf)
}
