import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import { byPages, PAGE_ROWS, type Page, type UserBasic } from './page'
import type { PropertyFilter } from './propertyFilter'

export type Matching = 'contains' | 'regex' | 'exact'

/** All that a step says must hold; `null` says nothing. */
export interface ActionStep {
  event: string | null
  properties: PropertyFilter[]
  selector: string | null
  tag_name: string | null
  text: string | null
  text_matching: Matching | null
  href: string | null
  href_matching: Matching | null
  url: string | null
  url_matching: Matching | null
}

export interface Action {
  id: number
  name: string
  description: string
  tags: string[]
  steps: ActionStep[]
  deleted: boolean
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

export type ActionChange = Partial<Pick<Action, 'name' | 'description' | 'tags' | 'steps' | 'deleted'>>

export const actionPagesQuery = (projectId: string, asked: { search?: string }) =>
  infiniteQueryOptions({
    queryKey: keys.list(projectId, 'actions', { pages: asked }),
    queryFn: ({ signal, pageParam }) =>
      take<Page<Action>>(
        api.GET('/api/projects/{project_id}/actions/', {
          params: {
            path: { project_id: projectId },
            query: { limit: PAGE_ROWS, offset: pageParam, ...asked },
          },
          signal,
        }),
      ),
    ...byPages(),
  })

export const actionQuery = (projectId: string, id: number | string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'actions', id),
    queryFn: ({ signal }) =>
      take<Action>(
        api.GET('/api/projects/{project_id}/actions/{id}/', {
          params: { path: { project_id: projectId, id: String(id) } },
          signal,
        }),
      ),
  })

export function createAction(projectId: string, given: ActionChange): Promise<Action> {
  return take<Action>(
    api.POST('/api/projects/{project_id}/actions/', {
      params: { path: { project_id: projectId } },
      body: given as never,
    }),
  )
}

export function changeAction(projectId: string, id: number, given: ActionChange): Promise<Action> {
  return take<Action>(
    api.PATCH('/api/projects/{project_id}/actions/{id}/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: given as never,
    }),
  )
}
