import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page, UserBasic } from './page'

export interface EventDefinition {
  id: string
  name: string
  description: string | null
  tags: string[]
  verified: boolean
  hidden: boolean
  owner: UserBasic | null
  created_at: string | null
  last_seen_at: string | null
}

export type PropertyType = 'String' | 'Numeric' | 'Boolean' | 'DateTime' | 'Duration' | null

export interface PropertyDefinition {
  id: string
  name: string
  description: string | null
  tags: string[]
  verified: boolean
  hidden: boolean
  property_type: PropertyType
  is_numerical: boolean
  is_seen_on_filtered_events: boolean | null
}

export interface EventDefinitionsAsked {
  search?: string
  limit?: number
  offset?: number
}

export interface PropertyDefinitionsAsked {
  search?: string
  type?: 'event' | 'person' | 'group' | 'session'
  group_type_index?: number
  /** Properties seen with one of these come first. */
  event_names?: string[]
  is_numerical?: boolean
  limit?: number
  offset?: number
}

export const eventDefinitionsQuery = (projectId: string, asked: EventDefinitionsAsked = {}) =>
  queryOptions({
    queryKey: keys.list(projectId, 'event_definitions', asked),
    queryFn: ({ signal }) =>
      take<Page<EventDefinition>>(
        api.GET('/api/projects/{project_id}/event_definitions/', {
          params: { path: { project_id: projectId }, query: { limit: 100, ...asked } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

export const propertyDefinitionsQuery = (projectId: string, asked: PropertyDefinitionsAsked = {}) =>
  queryOptions({
    queryKey: keys.list(projectId, 'property_definitions', asked),
    queryFn: ({ signal }) => {
      const { event_names, ...others } = asked
      const names = event_names?.length ? { event_names: JSON.stringify(event_names) } : {}
      return take<Page<PropertyDefinition>>(
        api.GET('/api/projects/{project_id}/property_definitions/', {
          params: { path: { project_id: projectId }, query: { limit: 100, ...others, ...names } as object },
          signal,
        }),
      )
    },
    staleTime: 60_000,
  })
