/** Persons, and what can be done with them. Most changes travel as events: they show a moment later. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Activity } from './activity'
import { api, take } from './client'
import type { Cohort } from './cohort'
import type { Group } from './group'
import { keys } from './keys'
import { byPages, type Page } from './page'

export interface Person {
  id: string
  uuid: string
  name: string
  distinct_ids: string[]
  properties: Record<string, unknown>
  created_at: string
  is_identified: boolean
}

export type RelatedPerson = Person & { type: 'person' }
export type RelatedGroup = Group & { type: 'group' }

const ACTIVITY_ROWS = 50

/** By the person's own id, or by any of their distinct ids. */
export const personQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'persons', id),
    queryFn: ({ signal }) =>
      take<Person>(
        api.GET('/api/projects/{project_id}/persons/{person_id}/', {
          params: { path: { project_id: projectId, person_id: id } },
          signal,
        }),
      ),
    staleTime: 5_000,
  })

/** Whoever is known by a distinct id now: one or nobody. */
export async function personsKnownBy(projectId: string, distinctId: string): Promise<Person[]> {
  const found = await take<Page<Person>>(
    api.GET('/api/projects/{project_id}/persons/', {
      params: { path: { project_id: projectId }, query: { distinct_id: distinctId } },
    }),
  )
  return found.results
}

export const personCohortsQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: [...keys.one(projectId, 'persons', id), 'cohorts'] as const,
    queryFn: ({ signal }) =>
      take<{ results: Cohort[] }>(
        api.GET('/api/projects/{project_id}/persons/cohorts/', {
          params: { path: { project_id: projectId }, query: { person_id: id } },
          signal,
        }),
      ),
  })

export const personActivityQuery = (projectId: string, id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(projectId, 'persons', id), 'activity'] as const,
    queryFn: ({ signal, pageParam }) =>
      take<Page<Activity>>(
        api.GET('/api/projects/{project_id}/persons/{person_id}/activity/', {
          params: {
            path: { project_id: projectId, person_id: id },
            query: { limit: ACTIVITY_ROWS, offset: pageParam },
          },
          signal,
        }),
      ),
    ...byPages(ACTIVITY_ROWS),
  })

export function setPersonProperty(
  projectId: string,
  id: string,
  key: string,
  value: unknown,
): Promise<unknown> {
  return take(
    api.POST('/api/projects/{project_id}/persons/{person_id}/update_property/', {
      params: { path: { project_id: projectId, person_id: id } },
      body: { key, value } as never,
    }),
  )
}

export function deletePersonProperty(projectId: string, id: string, key: string): Promise<unknown> {
  return take(
    api.POST('/api/projects/{project_id}/persons/{person_id}/delete_property/', {
      params: { path: { project_id: projectId, person_id: id } },
      body: { $unset: key } as never,
    }),
  )
}

/** The persons of `ids` become part of this one. */
export function mergePersons(projectId: string, id: string, ids: string[]): Promise<unknown> {
  return take(
    api.POST('/api/projects/{project_id}/persons/{person_id}/merge/', {
      params: { path: { project_id: projectId, person_id: id } },
      body: { ids } as never,
    }),
  )
}

/** Makes a person of each distinct id; the main one keeps the properties. */
export function splitPerson(projectId: string, id: string, mainDistinctId: string): Promise<unknown> {
  return take(
    api.POST('/api/projects/{project_id}/persons/{person_id}/split/', {
      params: { path: { project_id: projectId, person_id: id } },
      body: { main_distinct_id: mainDistinctId } as never,
    }),
  )
}

export function deletePerson(
  projectId: string,
  id: string,
  { withEvents }: { withEvents: boolean },
): Promise<unknown> {
  return take(
    api.DELETE('/api/projects/{project_id}/persons/{person_id}/', {
      params: {
        path: { project_id: projectId, person_id: id },
        query: { delete_events: withEvents } as never,
      },
    }),
  )
}
