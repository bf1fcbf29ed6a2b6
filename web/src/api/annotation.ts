/** Notes at moments, which charts show. */
import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useProjectId } from '@/components/useProject'
import { api, take } from './client'
import { keys } from './keys'
import type { Page, UserBasic } from './page'

/** Whose charts show it: one insight's, one dashboard's, the project's or those of all projects. */
export type AnnotationScope = 'dashboard_item' | 'dashboard' | 'project' | 'organization'

export interface Annotation {
  id: number
  content: string | null
  date_marker: string | null
  scope: AnnotationScope
  dashboard_item: number | null
  insight_short_id: string | null
  insight_name: string | null
  insight_derived_name: string | null
  dashboard_id: number | null
  dashboard_name: string | null
  emoji: string | null
  /** Kept, and not shown on charts. */
  hidden_in_user_interface?: boolean
  deleted: boolean
  created_by: UserBasic | null
  created_at: string
  updated_at: string
}

export interface AnnotationsAsked {
  search?: string
  scope?: AnnotationScope
  /** Moments in ISO 8601. */
  date_from?: string
  date_to?: string
  limit?: number
  offset?: number
}

export type AnnotationChange = Partial<
  Pick<
    Annotation,
    'content' | 'date_marker' | 'scope' | 'dashboard_item' | 'dashboard_id' | 'emoji' | 'deleted'
  >
>

const CHART_MAX = 200
const PAGE_ROWS = 100

export const annotationsQuery = (projectId: string, asked: AnnotationsAsked = {}) =>
  queryOptions({
    queryKey: keys.list(projectId, 'annotations', asked),
    queryFn: ({ signal }) =>
      take<Page<Annotation>>(
        api.GET('/api/projects/{project_id}/annotations/', {
          params: { path: { project_id: projectId }, query: { limit: 100, ...asked } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

export const annotationPagesQuery = (projectId: string, asked: AnnotationsAsked) =>
  infiniteQueryOptions({
    queryKey: keys.list(projectId, 'annotations', { pages: asked }),
    queryFn: ({ signal, pageParam }) =>
      take<Page<Annotation>>(
        api.GET('/api/projects/{project_id}/annotations/', {
          params: {
            path: { project_id: projectId },
            query: { limit: PAGE_ROWS, offset: pageParam, ...asked },
          },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * PAGE_ROWS : undefined),
  })

/**
 * The annotations that charts show: those of the project and of the organisation, and those of the insight or dashboard
 * that is named. `range` are the moments of an answer, none of them are asked for without it; `'newest'` are the newest
 * whatever their time, one list for all charts of a page.
 */
export function useAnnotations(
  of: { insightId?: number; dashboardId?: number },
  range: { date_from: string; date_to: string } | 'newest' | null,
): Annotation[] {
  const projectId = useProjectId()
  const asked = {
    ...(range !== null && range !== 'newest' && { date_from: range.date_from, date_to: range.date_to }),
    limit: CHART_MAX,
  }
  const found = useQuery({ ...annotationsQuery(projectId, asked), enabled: range !== null })
  const { insightId, dashboardId } = of
  const all = found.data?.results
  return useMemo(
    () => (all ?? []).filter(one => isShownOn(one, { insightId, dashboardId })),
    [all, insightId, dashboardId],
  )
}

export function isShownOn(one: Annotation, of: { insightId?: number; dashboardId?: number }): boolean {
  if (one.hidden_in_user_interface) return false
  if (one.scope === 'dashboard_item') return one.dashboard_item === of.insightId && of.insightId !== undefined
  if (one.scope === 'dashboard') return one.dashboard_id === of.dashboardId && of.dashboardId !== undefined
  return true
}

export function createAnnotation(projectId: string, given: AnnotationChange): Promise<Annotation> {
  return take<Annotation>(
    api.POST('/api/projects/{project_id}/annotations/', {
      params: { path: { project_id: projectId } },
      body: given as never,
    }),
  )
}

export function changeAnnotation(
  projectId: string,
  id: number,
  given: AnnotationChange,
): Promise<Annotation> {
  return take<Annotation>(
    api.PATCH('/api/projects/{project_id}/annotations/{id}/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: given as never,
    }),
  )
}
