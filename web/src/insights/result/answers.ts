/** The answers of the kinds of insights, as the query API gives them. */
import type { Answer } from '@/api/query'

/** What is drawn: a whole answer of the query API, or what a kept insight holds of it (`result` as `results`). */
export interface InsightAnswer extends Partial<Answer> {
  results: unknown
  columns?: string[] | null
  types?: unknown
}

export interface TrendsItem {
  data: number[]
  days: (string | number)[]
  labels: string[]
  count: number
  label: string
  action: {
    id: string | number | null
    order: number
    name: string | null
    custom_name: string | null
    math: string | null
  } | null
  aggregated_value?: number | null
  breakdown_value?: string | number | (string | number)[] | null
  compare?: boolean
  compare_label?: 'current' | 'previous'
  /** Of lifecycles. */
  status?: string
}

export interface FunnelStep {
  action_id: string | number | null
  name: string
  custom_name: string | null
  order: number
  count: number
  average_conversion_time: number | null
  median_conversion_time: number | null
  breakdown_value?: string | number | (string | number)[]
}

export interface ConversionTimes {
  bins: [number, number][]
  average_conversion_time: number | null
}

export interface FunnelOverTime {
  count: number
  data: number[]
  days: string[]
  labels: string[]
  reached_from_step_count?: number[]
  reached_to_step_count?: number[]
  breakdown_value?: string | number | (string | number)[]
}

export interface RetentionRow {
  label: string
  date: string
  values: { count: number; label: string }[]
  breakdown_value?: string | null
}

export interface PathEdge {
  source: string
  target: string
  value: number
  average_conversion_time: number | null
}

/** The items of an answer that must be a list. */
export function itemsOf<T>(answer: InsightAnswer): T[] {
  return Array.isArray(answer.results) ? (answer.results as T[]) : []
}
