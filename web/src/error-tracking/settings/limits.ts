/** Rate limits as a form holds them. */
import type { RateLimits } from '@/api/errorSettings'

export interface Limit {
  /** How many exceptions; empty: all. */
  value: number | ''
  minutes: number | ''
}

export interface Limits {
  project: Limit
  issue: Limit
}

const HOUR_MINUTES = 60

export function limitsOf(kept: RateLimits): Limits {
  return {
    project: limit(kept.project_rate_limit_value, kept.project_rate_limit_bucket_size_minutes),
    issue: limit(kept.per_issue_rate_limit_value, kept.per_issue_rate_limit_bucket_size_minutes),
  }
}

export function keptOf({ project, issue }: Limits): RateLimits {
  return {
    project_rate_limit_value: project.value || null,
    project_rate_limit_bucket_size_minutes: project.value ? project.minutes || HOUR_MINUTES : null,
    per_issue_rate_limit_value: issue.value || null,
    per_issue_rate_limit_bucket_size_minutes: issue.value ? issue.minutes || HOUR_MINUTES : null,
  }
}

function limit(value: number | null, minutes: number | null): Limit {
  return { value: value ?? '', minutes: minutes ?? HOUR_MINUTES }
}

/** What a field of numbers tells. */
export function numberOf(value: number | string): number | '' {
  return value === '' || Number.isNaN(Number(value)) ? '' : Number(value)
}
