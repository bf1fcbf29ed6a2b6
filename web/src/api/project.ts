import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page } from './page'
import type { PropertyFilter } from './propertyFilter'

/** A project as lists show it. */
export interface ProjectBasic {
  id: number
  uuid: string
  organization: string
  name: string
  api_token: string
  timezone: string
  ingested_event: boolean
  is_demo: boolean
}

export interface Project extends ProjectBasic {
  week_start_day: 0 | 1 | null
  test_account_filters: PropertyFilter[]
  test_account_filters_default_checked: boolean | null
  person_display_name_properties: string[] | null
  live_events_columns: string[] | null
  primary_dashboard: number | null
  app_urls: string[]
  has_group_types?: boolean
  user_access_level?: string | null
  [setting: string]: unknown
}

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.project(projectId),
    queryFn: ({ signal }) =>
      take<Project>(
        api.GET('/api/projects/{project_id}/', { params: { path: { project_id: projectId } }, signal }),
      ),
    staleTime: 60_000,
  })

export const projectsQuery = () =>
  queryOptions({
    queryKey: keys.projects(),
    queryFn: ({ signal }) =>
      take<Page<ProjectBasic>>(api.GET('/api/projects/', { params: { query: { limit: 200 } }, signal })),
    staleTime: 60_000,
  })

/** With all its data; its tokens stop at once. */
export async function deleteProject(projectId: string): Promise<void> {
  await take<unknown>(
    api.DELETE('/api/projects/{project_id}/', { params: { path: { project_id: projectId } } }),
  )
}

export function changeProject(projectId: string, change: Partial<Project>): Promise<Project> {
  return take<Project>(
    api.PATCH('/api/projects/{project_id}/', {
      params: { path: { project_id: projectId } },
      body: change as never,
    }),
  )
}
