import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Activity } from './activity'
import { api, take } from './client'
import { keys } from './keys'
import { byPages, PAGE_ROWS, type Page, type UserBasic } from './page'

export interface Cohort {
  id: number
  name: string
  description: string
  is_static: boolean
  is_calculating: boolean
  count: number | null
  last_calculation: string | null
  errors_calculating: number
  created_at: string
  created_by: UserBasic | null
  filters: unknown
  /** What is counted is of this one; another is being calculated while they differ. */
  version: number | null
  pending_version: number | null
  deleted: boolean
}

export type CohortChange = Partial<Pick<Cohort, 'name' | 'description' | 'is_static' | 'filters' | 'deleted'>>

export interface CohortsAsked {
  search?: string
  type?: 'static' | 'dynamic'
}

/** Whether its people are being found. */
export function isCalculating(cohort: Cohort): boolean {
  return cohort.is_calculating || (!cohort.is_static && cohort.version !== cohort.pending_version)
}

const CALCULATING_POLL_MS = 1_500

export const cohortsQuery = (projectId: string, asked: { search?: string; limit?: number } = {}) =>
  queryOptions({
    queryKey: keys.list(projectId, 'cohorts', asked),
    queryFn: ({ signal }) =>
      take<Page<Cohort>>(
        api.GET('/api/projects/{project_id}/cohorts/', {
          params: { path: { project_id: projectId }, query: { limit: 100, ...asked } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

export const cohortPagesQuery = (projectId: string, asked: CohortsAsked) =>
  infiniteQueryOptions({
    queryKey: keys.list(projectId, 'cohorts', { pages: asked }),
    queryFn: ({ signal, pageParam }) =>
      take<Page<Cohort>>(
        api.GET('/api/projects/{project_id}/cohorts/', {
          params: {
            path: { project_id: projectId },
            query: { limit: PAGE_ROWS, offset: pageParam, ...asked },
          },
          signal,
        }),
      ),
    ...byPages(),
    refetchInterval: query =>
      query.state.data?.pages.some(page => page.results.some(isCalculating)) ? CALCULATING_POLL_MS : false,
  })

/** Asked for again and again while it is calculated. */
export const cohortQuery = (projectId: string, id: number | string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'cohorts', id),
    queryFn: ({ signal }) =>
      take<Cohort>(
        api.GET('/api/projects/{project_id}/cohorts/{id}/', {
          params: { path: { project_id: projectId, id: String(id) } },
          signal,
        }),
      ),
    refetchInterval: query =>
      query.state.data && isCalculating(query.state.data) ? CALCULATING_POLL_MS : false,
  })

export const cohortActivityQuery = (projectId: string, id: number) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(projectId, 'cohorts', id), 'activity'] as const,
    queryFn: ({ signal, pageParam }) =>
      take<Page<Activity>>(
        api.GET('/api/projects/{project_id}/cohorts/{id}/activity/', {
          params: {
            path: { project_id: projectId, id: String(id) },
            query: { limit: PAGE_ROWS, offset: pageParam } as never,
          },
          signal,
        }),
      ),
    ...byPages(),
  })

/** With a file of distinct ids, person ids or addresses it becomes a static one of these. */
export function createCohort(projectId: string, given: CohortChange, csv?: File): Promise<Cohort> {
  return take<Cohort>(
    api.POST('/api/projects/{project_id}/cohorts/', {
      params: { path: { project_id: projectId } },
      body: bodyOf(given, csv),
    }),
  )
}

/** A file adds its people to a static cohort. */
export function changeCohort(
  projectId: string,
  id: number,
  given: CohortChange,
  csv?: File,
): Promise<Cohort> {
  return take<Cohort>(
    api.PATCH('/api/projects/{project_id}/cohorts/{id}/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: bodyOf(given, csv),
    }),
  )
}

export function addToCohort(projectId: string, id: number, personIds: string[]): Promise<{ added: number }> {
  return take<{ added: number }>(
    api.POST('/api/projects/{project_id}/cohorts/{id}/add_persons_to_static_cohort/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: { person_ids: personIds } as never,
    }),
  )
}

export function removeFromCohort(projectId: string, id: number, personId: string): Promise<unknown> {
  return take(
    api.POST('/api/projects/{project_id}/cohorts/{id}/remove_person_from_static_cohort/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: { person_id: personId } as never,
    }),
  )
}

/** A form goes out as it is. */
function bodyOf(given: CohortChange, csv: File | undefined): never {
  if (!csv) return given as never
  const form = new FormData()
  for (const [name, value] of Object.entries(given)) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  form.append('csv', csv)
  return form as never
}
