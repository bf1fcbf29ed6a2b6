import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'

export interface PropertyValue {
  name: string | number | boolean | null
  count?: number
}

export interface ValuesAsked {
  source: 'event' | 'person' | 'group'
  key: string
  /** A part of the value. */
  value?: string
  event_name?: string
  group_type_index?: number
}

/** What a property has been, the most used first. */
export const propertyValuesQuery = (projectId: string, asked: ValuesAsked) =>
  queryOptions({
    queryKey: keys.list(projectId, 'values', asked),
    queryFn: ({ signal }) => {
      const { source, ...others } = asked
      const params = { path: { project_id: projectId }, query: others as object }
      if (source === 'event') {
        return take<PropertyValue[]>(api.GET('/api/projects/{project_id}/events/values/', { params, signal }))
      }
      if (source === 'person') {
        return take<PropertyValue[]>(
          api.GET('/api/projects/{project_id}/persons/values/', { params, signal }),
        )
      }
      const grouped = { path: { project_id: projectId }, query: others as never }
      return take<PropertyValue[]>(
        api.GET('/api/projects/{project_id}/groups/property_values/', { params: grouped, signal }),
      )
    },
    staleTime: 60_000,
  })
