/** What ingest noticed about a project's events. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'

export interface WarningExample {
  type: string
  timestamp: string
  source: string
  details: Record<string, unknown>
}

export interface WarningKind {
  type: string
  count: number
  lastSeen: string
  category: string
  severity: 'error' | 'warning' | 'info' | (string & {})
  /** A number a day, the last is today. */
  sparkline: number[]
  /** The newest. */
  warnings: WarningExample[]
}

/** Of the last thirty days, the latest first. `search` looks at kinds and details. */
export const ingestionWarningsQuery = (projectId: string, search = '') =>
  queryOptions({
    queryKey: keys.list(projectId, 'ingestion_warnings', search),
    queryFn: ({ signal }) =>
      take<WarningKind[]>(
        api.GET('/api/projects/{project_id}/ingestion_warnings/', {
          params: { path: { project_id: projectId }, query: search ? { q: search } : {} },
          signal,
        }),
      ),
    staleTime: 10_000,
  })
