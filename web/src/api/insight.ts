/** Insights as they are kept. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page, UserBasic } from './page'
import type { AnyQuery } from './query'

export interface Insight {
  id: number
  short_id: string
  name: string | null
  derived_name: string | null
  description: string
  query: AnyQuery | null
  favorited: boolean
  saved: boolean
  deleted: boolean
  tags: string[]
  dashboards: number[]
  created_at: string
  created_by: UserBasic | null
  last_modified_at: string
  last_modified_by: UserBasic | null
  user_access_level?: string | null
  /** Only where it was asked for with its answer. */
  result?: unknown
  columns?: string[] | null
  types?: unknown
  hasMore?: boolean | null
  last_refresh?: string | null
  is_cached?: boolean
  timezone?: string | null
}

export interface InsightsAsked {
  search?: string
  insight?: string
  created_by?: number
  favorited?: true
  saved?: boolean
  user?: true
  dashboards?: string
  order?: string
  limit?: number
  offset?: number
}

export const insightsQuery = (projectId: string, asked: InsightsAsked = {}) =>
  queryOptions({
    queryKey: keys.list(projectId, 'insights', asked),
    queryFn: ({ signal }) =>
      take<Page<Insight>>(
        api.GET('/api/projects/{project_id}/insights/', {
          params: { path: { project_id: projectId }, query: { limit: 50, ...asked } as never },
          signal,
        }),
      ),
    staleTime: 10_000,
  })

/** By its number or its short id. */
export const insightQuery = (projectId: string, id: string | number) =>
  queryOptions({
    queryKey: keys.one(projectId, 'insights', id),
    queryFn: ({ signal }) =>
      take<Insight>(
        api.GET('/api/projects/{project_id}/insights/{id}/', {
          params: { path: { project_id: projectId, id: String(id) } },
          signal,
        }),
      ),
    staleTime: 10_000,
  })

export type InsightChange = Partial<
  Pick<Insight, 'name' | 'description' | 'query' | 'favorited' | 'saved' | 'deleted' | 'tags' | 'dashboards'>
>

export function createInsight(projectId: string, body: InsightChange): Promise<Insight> {
  return take<Insight>(
    api.POST('/api/projects/{project_id}/insights/', {
      params: { path: { project_id: projectId } },
      body: body as never,
    }),
  )
}

export function changeInsight(projectId: string, id: number | string, body: InsightChange): Promise<Insight> {
  return take<Insight>(
    api.PATCH('/api/projects/{project_id}/insights/{id}/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: body as never,
    }),
  )
}

/** Tells the server that it was looked at, for "recently viewed"; a failure matters to nobody. */
export async function noteInsightViewed(projectId: string, id: number): Promise<void> {
  const path = { project_id: projectId, id: String(id) }
  await api.POST('/api/projects/{project_id}/insights/{id}/viewed/', { params: { path } }).catch(() => {})
}
