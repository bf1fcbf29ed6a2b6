import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'

export interface GroupType {
  group_type: string
  group_type_index: number
  name_singular: string | null
  name_plural: string | null
}

export const groupTypesQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.list(projectId, 'groups_types'),
    queryFn: ({ signal }) =>
      take<GroupType[]>(
        api.GET('/api/projects/{project_id}/groups_types/', {
          params: { path: { project_id: projectId } },
          signal,
        }),
      ),
    staleTime: 300_000,
  })

export function groupTypeName(type: GroupType): string {
  return type.name_singular || type.group_type
}
