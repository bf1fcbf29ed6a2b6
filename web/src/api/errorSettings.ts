/** How many exceptions are kept, and when an issue is told to be spiking. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page } from './page'

/** Null: all are kept. */
export interface RateLimits {
  project_rate_limit_value: number | null
  project_rate_limit_bucket_size_minutes: number | null
  per_issue_rate_limit_value: number | null
  per_issue_rate_limit_bucket_size_minutes: number | null
}

export interface SpikeConfig {
  /** From how many exceptions in five minutes on. */
  threshold: number
  /** How many times what is usual. */
  multiplier: number
  snooze_duration_minutes: number
}

export interface Spike {
  id: string
  issue: { id: string; name: string | null; description: string | null }
  detected_at: string
  computed_baseline: number
  current_bucket_value: number
}

const LATEST = 20
const of = (projectId: string) => ({ params: { path: { project_id: projectId } } })

export const rateLimitsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'error_settings', 'limits'),
    queryFn: ({ signal }) =>
      take<RateLimits>(
        api.GET('/api/projects/{project_id}/error_tracking/settings/retrieve_settings/', {
          ...of(projectId),
          signal,
        }),
      ),
  })

export function changeRateLimits(projectId: string, limits: RateLimits): Promise<RateLimits> {
  return take<RateLimits>(
    api.PATCH('/api/projects/{project_id}/error_tracking/settings/update_settings/', {
      ...of(projectId),
      body: limits as never,
    }),
  )
}

export const spikeConfigQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'error_settings', 'spikes'),
    queryFn: ({ signal }) =>
      take<SpikeConfig>(
        api.GET('/api/projects/{project_id}/error_tracking/spike_detection_config/', {
          ...of(projectId),
          signal,
        }),
      ),
  })

export function changeSpikeConfig(projectId: string, config: SpikeConfig): Promise<SpikeConfig> {
  return take<SpikeConfig>(
    api.PATCH('/api/projects/{project_id}/error_tracking/spike_detection_config/update_config/', {
      ...of(projectId),
      body: config as never,
    }),
  )
}

/** The latest first; of one issue, or of the project. */
export const spikesQuery = (projectId: string, issueId?: string) =>
  queryOptions({
    queryKey: keys.list(projectId, 'spikes', issueId ?? null),
    queryFn: ({ signal }) =>
      take<Page<Spike>>(
        api.GET('/api/projects/{project_id}/error_tracking/spike_events/', {
          params: {
            path: { project_id: projectId },
            query: { limit: LATEST, ...(issueId && { issue_ids: issueId }) },
          },
          signal,
        }),
      ),
    staleTime: 30_000,
  })
