/** Feature flags: what they are, who gets them, and how they change. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import { byPages, PAGE_ROWS, type Page, type UserBasic } from './page'
import type { PropertyFilter } from './propertyFilter'

export interface FlagCondition {
  properties?: PropertyFilter[] | null
  rollout_percentage?: number | null
  variant?: string | null
  /** Absent: as the flag says; null: persons. */
  aggregation_group_type_index?: number | null
  description?: string | null
  [other: string]: unknown
}

export interface FlagVariant {
  key: string
  name?: string | null
  rollout_percentage: number
}

export interface FlagFilters {
  groups?: FlagCondition[]
  multivariate?: { variants: FlagVariant[] } | null
  /** The text of JSON, by variant or by `true`. */
  payloads?: Record<string, string>
  aggregation_group_type_index?: number | null
  early_exit?: boolean | null
  feature_enrollment?: boolean | null
  holdout?: { id: number; exclusion_percentage: number } | null
  [other: string]: unknown
}

export type FlagRuntime = 'all' | 'client' | 'server'
export type FlagBucketing = 'distinct_id' | 'device_id'
export type FlagStatus = 'ACTIVE' | 'INACTIVE' | 'STALE' | 'ARCHIVED' | 'DELETED'

/** What of a flag is a version of it. */
export interface FlagDefinition {
  key: string
  /** The description. */
  name: string
  filters: FlagFilters
  active: boolean
  archived: boolean
  deleted: boolean
  ensure_experience_continuity: boolean | null
  evaluation_runtime: FlagRuntime | null
  bucketing_identifier: FlagBucketing | null
  evaluation_contexts: string[]
  is_remote_configuration: boolean
  has_encrypted_payloads: boolean
}

export interface Flag extends FlagDefinition {
  id: number
  version: number
  status: FlagStatus
  tags: string[]
  created_at: string
  updated_at: string | null
  created_by: UserBasic | null
  last_modified_by: UserBasic | null
  last_called_at: string | null
  usage_dashboard: number | null
  has_enriched_analytics: boolean
  is_used_in_replay_settings: boolean
}

export interface FlagVersion extends FlagDefinition {
  version: number
  created_at: string
  created_by: UserBasic | null
}

/** What may be sent; `version` is the one that was seen. */
export type FlagChange = Partial<FlagDefinition> & { tags?: string[]; version?: number }

export interface FlagsAsked {
  search?: string
  active?: 'true' | 'false' | 'STALE'
  archived?: 'true' | 'all'
  type?: 'boolean' | 'multivariant' | 'remote_config'
  tags?: string
  created_by_id?: number
  order?: 'key' | '-key' | '-created_at' | 'created_at' | '-last_called_at' | 'last_called_at'
}

const KIND = 'feature_flags'
const path = (projectId: string, id: number | string) => ({ project_id: projectId, id: String(id) })

export const flagsQuery = (projectId: string, asked: FlagsAsked & { limit?: number } = {}) =>
  queryOptions({
    queryKey: keys.list(projectId, KIND, asked),
    queryFn: ({ signal }) =>
      take<Page<Flag>>(
        api.GET('/api/projects/{project_id}/feature_flags/', {
          params: { path: { project_id: projectId }, query: { limit: PAGE_ROWS, ...asked } },
          signal,
        }),
      ),
    staleTime: 30_000,
  })

export const flagPagesQuery = (projectId: string, asked: FlagsAsked) =>
  infiniteQueryOptions({
    queryKey: keys.list(projectId, KIND, { pages: asked }),
    queryFn: ({ signal, pageParam }) =>
      take<Page<Flag>>(
        api.GET('/api/projects/{project_id}/feature_flags/', {
          params: {
            path: { project_id: projectId },
            query: { limit: PAGE_ROWS, offset: pageParam, ...asked },
          },
          signal,
        }),
      ),
    ...byPages(),
  })

export const flagQuery = (projectId: string, id: number | string) =>
  queryOptions({
    queryKey: keys.one(projectId, KIND, id),
    queryFn: ({ signal }) =>
      take<Flag>(
        api.GET('/api/projects/{project_id}/feature_flags/{id}/', {
          params: { path: path(projectId, id) },
          signal,
        }),
      ),
  })

export function createFlag(projectId: string, body: FlagChange): Promise<Flag> {
  return take<Flag>(
    api.POST('/api/projects/{project_id}/feature_flags/', {
      params: { path: { project_id: projectId } },
      body: body as never,
    }),
  )
}

export function changeFlag(projectId: string, id: number, body: FlagChange): Promise<Flag> {
  return take<Flag>(
    api.PATCH('/api/projects/{project_id}/feature_flags/{id}/', {
      params: { path: path(projectId, id) },
      body: body as never,
    }),
  )
}

export const flagVersionsQuery = (projectId: string, id: number) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(projectId, KIND, id), 'versions'] as const,
    queryFn: ({ signal, pageParam }) =>
      take<Page<FlagVersion>>(
        api.GET('/api/projects/{project_id}/feature_flags/{id}/versions/', {
          params: { path: path(projectId, id), query: { limit: PAGE_ROWS, offset: pageParam } },
          signal,
        }),
      ),
    ...byPages(),
  })

export interface BlastRadius {
  affected: number
  total: number
}

/** How many people, or groups of a type, fulfil a condition. Its share is left aside. */
export const blastRadiusQuery = (
  projectId: string,
  properties: PropertyFilter[],
  groupTypeIndex: number | null,
) =>
  queryOptions({
    queryKey: keys.list(projectId, 'blast_radius', { properties, groupTypeIndex }),
    queryFn: ({ signal }) =>
      take<BlastRadius>(
        api.POST('/api/projects/{project_id}/feature_flags/user_blast_radius/', {
          params: { path: { project_id: projectId } },
          body: { condition: { properties }, group_type_index: groupTypeIndex } as never,
          signal,
        }),
      ),
    staleTime: 60_000,
  })

export interface Evaluated {
  value: boolean | string
  evaluation: { reason: string; condition_index: number | null; description: string }
}

/** What a distinct id gets of every flag, and why. */
export const evaluationReasonsQuery = (
  projectId: string,
  distinctId: string,
  groups: Record<string, string>,
) =>
  queryOptions({
    queryKey: keys.list(projectId, 'evaluation_reasons', { distinctId, groups }),
    queryFn: ({ signal }) =>
      take<Record<string, Evaluated>>(
        api.GET('/api/projects/{project_id}/feature_flags/evaluation_reasons/', {
          params: {
            path: { project_id: projectId },
            query: { distinct_id: distinctId, groups: JSON.stringify(groups) },
          },
          signal,
        }),
      ),
    staleTime: 0,
  })

export interface Evaluations {
  interval: 'hour' | 'day'
  date_from: string
  date_to: string
  total: number
  totals: Record<string, number>
  results: { at: string; outcome: string; count: number }[]
}

/** What this appliance answered for the flag. */
export const evaluationsQuery = (
  projectId: string,
  id: number,
  asked: { date_from: string; interval: 'hour' | 'day' },
) =>
  queryOptions({
    queryKey: [...keys.one(projectId, KIND, id), 'evaluations', asked] as const,
    queryFn: ({ signal }) =>
      take<Evaluations>(
        api.GET('/api/projects/{project_id}/feature_flags/{id}/evaluations/', {
          params: { path: path(projectId, id), query: asked },
          signal,
        }),
      ),
  })

/** The usage dashboard's number; it is made unless there is one. */
export async function makeUsageDashboard(projectId: string, id: number): Promise<number> {
  const made = await take<{ dashboard: number }>(
    api.POST('/api/projects/{project_id}/feature_flags/{id}/dashboard/', {
      params: { path: path(projectId, id) },
    }),
  )
  return made.dashboard
}

/** A static cohort of the persons who get the flag now. */
export async function makeCohort(projectId: string, id: number): Promise<{ id: number; name: string }> {
  const made = await take<{ cohort: { id: number; name: string } }>(
    api.POST('/api/projects/{project_id}/feature_flags/{id}/create_static_cohort_for_flag/', {
      params: { path: path(projectId, id) },
    }),
  )
  return made.cohort
}
