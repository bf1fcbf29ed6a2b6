/** A condition on a property, as every query, cohort, action and flag takes it. */
export type FilterSource =
  | 'event'
  | 'person'
  | 'group'
  | 'session'
  | 'element'
  | 'cohort'
  | 'hogql'
  | 'event_metadata'
  | 'flag'

export type FilterValue = string | number | boolean | null | (string | number)[]

export interface PropertyFilter {
  type: FilterSource
  key: string
  /** Absent for a HogQL expression. */
  operator?: string
  value?: FilterValue
  group_type_index?: number
  /** What a cohort's number means, for people. */
  cohort_name?: string
  /** What a flag's number means. */
  label?: string
}
