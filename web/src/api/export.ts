import { api, take } from './client'
import { ApiError } from './errors'
import type { AnyQuery } from './query'

export type ExportFormat = 'text/csv' | 'application/json'

interface Export {
  id: number
  has_content: boolean
  exception: string | null
  filename: string
}

const POLL_MS = 700

/** Has a file made of the answer, waits for it, and tells where it is. */
export async function exported(projectId: string, source: AnyQuery, format: ExportFormat): Promise<string> {
  const path = { project_id: projectId }
  let made = await take<Export>(
    api.POST('/api/projects/{project_id}/exports/', {
      params: { path },
      body: { export_format: format, export_context: { source } } as never,
    }),
  )
  while (!made.has_content) {
    if (made.exception) throw new ApiError(400, { detail: made.exception })
    await new Promise(resolve => setTimeout(resolve, POLL_MS))
    const one = { ...path, id: String(made.id) }
    made = await take<Export>(api.GET('/api/projects/{project_id}/exports/{id}/', { params: { path: one } }))
  }
  return `/api/projects/${encodeURIComponent(projectId)}/exports/${made.id}/content/?download=true`
}
