/** Source maps and their like, which were uploaded or fetched, or which are missing. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import { byPages, PAGE_ROWS, type Page } from './page'

/** A version of a program. */
export interface Release {
  id: string
  hash_id: string
  version: string
  project: string
  created_at: string
  metadata: { git?: { commit_id?: string; branch?: string; remote_url?: string } } | null
}

export interface SymbolSet {
  id: string
  /** A chunk id, or the address of a script. */
  ref: string
  created_at: string
  last_used: string | null
  /** JSON: why there is nothing to resolve with. */
  failure_reason: string | null
  has_uploaded_file: boolean
  release: Release | null
}

export type SymbolSetOrder = `${'' | '-'}${'created_at' | 'last_used' | 'ref'}`

export interface SymbolSetsAsked {
  search?: string
  /** With a file, or without one. */
  status?: 'valid' | 'invalid'
  order_by?: SymbolSetOrder
}

export const symbolSetPagesQuery = (projectId: string, asked: SymbolSetsAsked) =>
  infiniteQueryOptions({
    queryKey: keys.list(projectId, 'symbol_sets', asked),
    queryFn: ({ signal, pageParam }) =>
      take<Page<SymbolSet>>(
        api.GET('/api/projects/{project_id}/error_tracking/symbol_sets/', {
          params: {
            path: { project_id: projectId },
            query: { limit: PAGE_ROWS, offset: pageParam, ...asked },
          },
          signal,
        }),
      ),
    ...byPages(),
  })

/** An address from which its file may be taken for an hour. */
export async function symbolSetFile(projectId: string, id: string): Promise<string> {
  const { url } = await take<{ url: string }>(
    api.GET('/api/projects/{project_id}/error_tracking/symbol_sets/{id}/download/', {
      params: { path: { project_id: projectId, id } },
    }),
  )
  return url
}

export function deleteSymbolSets(projectId: string, ids: string[]): Promise<{ deleted: number }> {
  return take<{ deleted: number }>(
    api.POST('/api/projects/{project_id}/error_tracking/symbol_sets/bulk_delete/', {
      params: { path: { project_id: projectId } },
      body: { ids },
    }),
  )
}
