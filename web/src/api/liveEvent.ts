/** Events as they arrive. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page } from './page'

export interface LiveEvent {
  id: string
  event: string
  distinct_id: string
  timestamp: string
  properties: Record<string, unknown>
  elements_chain: string
  person: { id: string; distinct_ids: string[]; properties: Record<string, unknown> } | null
}

export interface LiveAsked {
  event?: string
  /** A person by their id. */
  person_id?: string
  distinct_id?: string
}

interface Minutes {
  per_minute: { minute: string; count: number }[]
}

const NEWEST = 60

/** The newest events of the last day. */
export const newestEventsQuery = (projectId: string, asked: LiveAsked) =>
  queryOptions({
    queryKey: keys.list(projectId, 'live', asked),
    queryFn: async ({ signal }) => {
      const after = new Date(Date.now() - 86_400_000).toISOString()
      const found = await take<Page<LiveEvent>>(
        api.GET('/api/projects/{project_id}/events/', {
          params: { path: { project_id: projectId }, query: { limit: NEWEST, after, ...asked } as never },
          signal,
        }),
      )
      return found.results
    },
    staleTime: 0,
    gcTime: 0,
  })

/** Of all events, the last half hour by minute. */
export const eventsPerMinuteQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'live', 'per_minute'),
    queryFn: async ({ signal }) => {
      const found = await take<Minutes>(
        api.GET('/api/projects/{project_id}/live/', { params: { path: { project_id: projectId } }, signal }),
      )
      return found.per_minute
    },
    staleTime: 0,
  })
