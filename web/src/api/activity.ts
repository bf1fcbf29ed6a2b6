/** Who changed what. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import { byPages, type Page, type UserBasic } from './page'

export interface ActivityChange {
  type: string
  action: string
  field: string | null
  before?: unknown
  after?: unknown
}

export interface Activity {
  id: string
  user: UserBasic | null
  activity: string
  scope: string
  item_id: string | null
  detail: { name: string | null; changes: ActivityChange[] | null; [more: string]: unknown }
  created_at: string
}

const PAGE_ROWS = 50

export const flagActivityQuery = (projectId: string, id: number) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(projectId, 'feature_flags', id), 'activity'] as const,
    queryFn: ({ signal, pageParam }) =>
      take<Page<Activity>>(
        api.GET('/api/projects/{project_id}/feature_flags/{id}/activity/', {
          params: {
            path: { project_id: projectId, id: String(id) },
            query: { limit: PAGE_ROWS, offset: pageParam } as never,
          },
          signal,
        }),
      ),
    ...byPages(PAGE_ROWS),
  })

export const activityLogQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: keys.list(projectId, 'activity_log'),
    queryFn: ({ signal, pageParam }) =>
      take<Page<Activity>>(
        api.GET('/api/projects/{project_id}/activity_log/', {
          params: {
            path: { project_id: projectId },
            query: { limit: PAGE_ROWS, offset: pageParam } as never,
          },
          signal,
        }),
      ),
    ...byPages(PAGE_ROWS),
  })
