/** Sharing by a link, and what the holder of a link sees. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import type { Dashboard, TileInsight } from './dashboard'
import { ApiError, errorOf, isAborted } from './errors'
import { keys } from './keys'

export interface Sharing {
  enabled: boolean
  /** Only while it is on. */
  access_token: string | null
  settings: SharedSettings
  created_at: string | null
}

export interface SharedSettings {
  /** Without the line that says what made the page. */
  whitelabel?: boolean
  noHeader?: boolean
  legend?: boolean
  detailed?: boolean
}

export type Shareable = 'dashboards' | 'insights'

export const sharingQuery = (projectId: string, what: Shareable, id: number) =>
  queryOptions({
    queryKey: keys.one(projectId, `sharing of ${what}`, id),
    queryFn: ({ signal }) =>
      take<Sharing>(
        api.GET(`/api/projects/{project_id}/${what}/{id}/sharing/`, {
          params: { path: { project_id: projectId, id: String(id) } },
          signal,
        }),
      ),
  })

export function changeSharing(
  projectId: string,
  what: Shareable,
  id: number,
  change: { enabled?: boolean; settings?: SharedSettings },
): Promise<Sharing> {
  return take<Sharing>(
    api.PATCH(`/api/projects/{project_id}/${what}/{id}/sharing/`, {
      params: { path: { project_id: projectId, id: String(id) } },
      body: change as never,
    }),
  )
}

/** Another link; the one before opens nothing from now on. */
export function renewLink(projectId: string, what: Shareable, id: number): Promise<Sharing> {
  return take<Sharing>(
    api.POST(`/api/projects/{project_id}/${what}/{id}/sharing/refresh/`, {
      params: { path: { project_id: projectId, id: String(id) } },
    }),
  )
}

export interface Shared extends SharedSettings {
  type: 'scene' | 'embed'
  dashboard?: Dashboard
  insight?: TileInsight
}

/** What lies behind a link. It is no part of `/api/`, so the client of the document does not know it. */
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: ['shared', token],
    queryFn: ({ signal }) => shared(token, signal),
    retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isPassing,
    staleTime: 60_000,
  })

async function shared(token: string, signal: AbortSignal): Promise<Shared> {
  let response: Response
  try {
    response = await fetch(`/shared/${encodeURIComponent(token)}.json`, { signal, credentials: 'omit' })
  } catch (error) {
    if (isAborted(error)) throw error
    throw new ApiError(0, { detail: 'Check your connection, or whether the server runs.' })
  }
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null))
  return (await response.json()) as Shared
}
