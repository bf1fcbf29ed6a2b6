/** Personal API keys: what scripts and server SDKs use in one's place. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import type { Page } from './page'

export interface PersonalKey {
  id: string
  label: string
  mask_value: string
  scopes: string[]
  scoped_teams: number[] | null
  created_at: string
  last_used_at: string | null
  last_rolled_at: string | null
  /** Only when it was made or rolled just now. */
  value: string | null
}

export interface ScopeOffered {
  name: string
  actions: string[]
}

export interface PersonalKeyGiven {
  label: string
  scopes: string[]
  scoped_teams?: number[] | null
}

export const personalKeysKey = ['me', 'keys'] as const

export const personalKeysQuery = () =>
  queryOptions({
    queryKey: personalKeysKey,
    queryFn: async ({ signal }) => {
      const found = await take<Page<PersonalKey> | PersonalKey[]>(
        api.GET('/api/personal_api_keys/', { signal }),
      )
      return Array.isArray(found) ? found : found.results
    },
  })

export const scopesQuery = () =>
  queryOptions({
    queryKey: ['scopes'],
    queryFn: ({ signal }) => take<ScopeOffered[]>(api.GET('/api/personal_api_keys/scopes/', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })

export function createPersonalKey(given: PersonalKeyGiven): Promise<PersonalKey> {
  return take<PersonalKey>(api.POST('/api/personal_api_keys/', { body: given as never }))
}

export function rollPersonalKey(id: string): Promise<PersonalKey> {
  return take<PersonalKey>(api.POST('/api/personal_api_keys/{id}/roll/', { params: { path: { id } } }))
}

export async function deletePersonalKey(id: string): Promise<void> {
  await take<unknown>(api.DELETE('/api/personal_api_keys/{id}/', { params: { path: { id } } }))
}
