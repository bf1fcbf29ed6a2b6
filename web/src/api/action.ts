import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page, UserBasic } from './page'

export interface Action {
  id: number
  name: string
  description: string
  tags: string[]
  steps: unknown[]
  created_at: string
  created_by: UserBasic | null
}

export const actionsQuery = (projectId: string, asked: { search?: string; limit?: number } = {}) =>
  queryOptions({
    queryKey: keys.list(projectId, 'actions', asked),
    queryFn: ({ signal }) =>
      take<Page<Action>>(
        api.GET('/api/projects/{project_id}/actions/', {
          params: { path: { project_id: projectId }, query: { limit: 100, ...asked } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })
