/** A project's tokens and secret keys. Its other settings are in `project`. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page } from './page'
import type { Project } from './project'

export interface SecretKey {
  id: string
  label: string
  mask_value: string
  scopes: string[]
  created_at: string
  last_used_at: string | null
  last_rolled_at: string | null
  /** Only when it was made or rolled just now. */
  value?: string | null
}

const KIND = 'project_secret_api_keys'

/** Another project token; the one before is refused from now on. */
export function resetToken(projectId: string): Promise<Project> {
  return take<Project>(
    api.PATCH('/api/projects/{project_id}/reset_token/', {
      params: { path: { project_id: projectId } },
      body: {},
    }),
  )
}

export const secretKeysQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.list(projectId, KIND),
    queryFn: ({ signal }) =>
      take<Page<SecretKey>>(
        api.GET('/api/projects/{project_id}/project_secret_api_keys/', {
          params: { path: { project_id: projectId }, query: { limit: 100 } as never },
          signal,
        }),
      ),
  })

export function createSecretKey(projectId: string, label: string): Promise<SecretKey> {
  return take<SecretKey>(
    api.POST('/api/projects/{project_id}/project_secret_api_keys/', {
      params: { path: { project_id: projectId } },
      body: { label, scopes: ['feature_flag:read'] } as never,
    }),
  )
}

export function rollSecretKey(projectId: string, id: string): Promise<SecretKey> {
  return take<SecretKey>(
    api.POST('/api/projects/{project_id}/project_secret_api_keys/{id}/roll/', {
      params: { path: { project_id: projectId, id } },
    }),
  )
}

export async function deleteSecretKey(projectId: string, id: string): Promise<void> {
  await take<unknown>(
    api.DELETE('/api/projects/{project_id}/project_secret_api_keys/{id}/', {
      params: { path: { project_id: projectId, id } },
    }),
  )
}
