import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page, UserBasic } from './page'

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
}

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
