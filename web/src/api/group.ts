/** Groups: companies, teams, whatever events belong to beside a person. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { pluralOf } from '@/components/plural'
import type { Activity } from './activity'
import { api, take } from './client'
import { keys } from './keys'
import { byPages, type Page } from './page'
import type { RelatedGroup, RelatedPerson } from './person'

export interface GroupType {
  group_type: string
  group_type_index: number
  name_singular: string | null
  name_plural: string | null
}

export interface Group {
  group_type_index: number
  group_key: string
  group_properties: Record<string, unknown>
  created_at: string
}

export type Related = RelatedPerson | RelatedGroup

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

export function groupTypeNames(type: GroupType): string {
  return type.name_plural || pluralOf(groupTypeName(type))
}

/** A group's name where it has one, else its key. */
export function groupName(group: Pick<Group, 'group_key' | 'group_properties'>): string {
  const name = group.group_properties.name
  return typeof name === 'string' && name.trim() ? name : group.group_key
}

export const groupQuery = (projectId: string, type: number, key: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'groups', `${type}-${key}`),
    queryFn: ({ signal }) =>
      take<Group>(
        api.GET('/api/projects/{project_id}/groups/find/', {
          params: {
            path: { project_id: projectId },
            query: { group_type_index: type, group_key: key },
          },
          signal,
        }),
      ),
    staleTime: 5_000,
  })

/** Persons and groups that share events with a group; with a person where no type is named. */
export const relatedQuery = (projectId: string, type: number | undefined, id: string) =>
  queryOptions({
    queryKey: keys.list(projectId, 'related', { type, id }),
    queryFn: ({ signal }) =>
      take<Related[]>(
        api.GET('/api/projects/{project_id}/groups/related/', {
          params: { path: { project_id: projectId }, query: { group_type_index: type, id } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

export function setGroupProperty(
  projectId: string,
  type: number,
  key: string,
  property: string,
  value: unknown,
): Promise<Group> {
  return take<Group>(
    api.POST('/api/projects/{project_id}/groups/update_property/', {
      params: { path: { project_id: projectId }, query: { group_type_index: type, group_key: key } },
      body: { key: property, value } as never,
    }),
  )
}

export function deleteGroupProperty(
  projectId: string,
  type: number,
  key: string,
  property: string,
): Promise<Group> {
  return take<Group>(
    api.POST('/api/projects/{project_id}/groups/delete_property/', {
      params: { path: { project_id: projectId }, query: { group_type_index: type, group_key: key } },
      body: { $unset: property } as never,
    }),
  )
}

export function nameGroupTypes(
  projectId: string,
  named: Pick<GroupType, 'group_type_index' | 'name_singular' | 'name_plural'>[],
): Promise<GroupType[]> {
  return take<GroupType[]>(
    api.PATCH('/api/projects/{project_id}/groups_types/update_metadata/', {
      params: { path: { project_id: projectId } },
      body: named as never,
    }),
  )
}

/** Who changed what of a group. The log knows groups by their type and key. */
export const groupActivityQuery = (projectId: string, type: number, key: string) =>
  infiniteQueryOptions({
    queryKey: keys.list(projectId, 'groups', { activity: key, type }),
    queryFn: ({ signal, pageParam }) =>
      take<Page<Activity>>(
        api.GET('/api/projects/{project_id}/activity_log/', {
          params: {
            path: { project_id: projectId },
            query: { scope: 'Group', item_id: `${type}-${key}`.slice(0, 72), limit: 50, offset: pageParam },
          },
          signal,
        }),
      ),
    ...byPages(50),
  })
