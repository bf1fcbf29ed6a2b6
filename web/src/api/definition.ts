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
  /** `event_custom` are the product's own, `event_posthog` those that SDKs send. */
  event_type?: 'event_custom' | 'event_posthog'
  verified?: boolean
  exclude_hidden?: boolean
  ordering?: 'name' | '-name' | 'last_seen_at' | '-last_seen_at' | 'created_at' | '-created_at'
  limit?: number
  offset?: number
}

export interface PropertyDefinitionsAsked {
  search?: string
  type?: 'event' | 'person' | 'group' | 'session'
  group_type_index?: number
  /** Properties seen with one of these come first. */
  event_names?: string[]
  /** Only those. */
  filter_by_event_names?: boolean
  is_numerical?: boolean
  exclude_hidden?: boolean
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

/** What people say of an event or a property. */
export type DefinitionChange = Partial<
  Pick<EventDefinition, 'description' | 'tags' | 'verified' | 'hidden'> & { property_type: PropertyType }
>

export const eventDefinitionQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'event_definitions', id),
    queryFn: ({ signal }) =>
      take<EventDefinition>(
        api.GET('/api/projects/{project_id}/event_definitions/{id}/', {
          params: { path: { project_id: projectId, id } },
          signal,
        }),
      ),
    staleTime: 10_000,
  })

export const propertyDefinitionQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'property_definitions', id),
    queryFn: ({ signal }) =>
      take<PropertyDefinition>(
        api.GET('/api/projects/{project_id}/property_definitions/{id}/', {
          params: { path: { project_id: projectId, id } },
          signal,
        }),
      ),
    staleTime: 10_000,
  })

export function changeEventDefinition(
  projectId: string,
  id: string,
  body: DefinitionChange,
): Promise<EventDefinition> {
  return take<EventDefinition>(
    api.PATCH('/api/projects/{project_id}/event_definitions/{id}/', {
      params: { path: { project_id: projectId, id } },
      body: body as never,
    }),
  )
}

export function changePropertyDefinition(
  projectId: string,
  id: string,
  body: DefinitionChange,
): Promise<PropertyDefinition> {
  return take<PropertyDefinition>(
    api.PATCH('/api/projects/{project_id}/property_definitions/{id}/', {
      params: { path: { project_id: projectId, id } },
      body: body as never,
    }),
  )
}
