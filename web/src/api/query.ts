/** Questions about the data: `POST /api/projects/{id}/query/`, its background runs, and calling them off. */
import { api, take, takeWithStatus } from './client'
import { ApiError } from './errors'
import { randomId } from './ids'
import type { PropertyFilter } from './propertyFilter'

export type Interval = 'minute' | 'hour' | 'day' | 'week' | 'month'

export interface DateRangeValue {
  date_from?: string | null
  date_to?: string | null
}

/** Any question; `kind` says which. */
export interface AnyQuery {
  kind: string
  [field: string]: unknown
}

export interface EventsQuery extends AnyQuery {
  kind: 'EventsQuery'
  select: string[]
  where?: string[]
  event?: string | null
  actionId?: number
  personId?: string
  properties?: PropertyFilter[]
  fixedProperties?: PropertyFilter[]
  filterTestAccounts?: boolean
  after?: string
  before?: string
  orderBy?: string[]
  limit?: number
  offset?: number
}

/** What every answer has besides its own fields. */
export interface Answer {
  results: unknown
  hasMore?: boolean
  hogql?: string
  timezone?: string
  last_refresh?: string
  is_cached?: boolean
  resolved_date_range?: { date_from: string; date_to: string }
  timings?: { k: string; t: number }[]
  error?: string | null
}

/** An answer of rows. */
export interface RowsAnswer extends Answer {
  results: unknown[][]
  columns: string[]
  types: string[] | [string, string][]
  limit?: number
  offset?: number
}

export interface Progress {
  bytes_read: number
  rows_read: number
  estimated_rows_total: number
  time_elapsed: number
}

export interface QueryStatus {
  id: string
  complete: boolean
  error: boolean
  error_message: string | null
  results: unknown
  query_progress: Progress | null
  end_time: string | null
}

export type Refresh =
  | 'blocking'
  | 'force_blocking'
  | 'async'
  | 'lazy_async'
  | 'force_async'
  | 'async_except_on_cache_miss'

export interface AskOptions {
  refresh?: Refresh
  signal?: AbortSignal
  filtersOverride?: object
  variablesOverride?: object
  onProgress?: (progress: Progress) => void
}

const POLL_FIRST_MS = 100
const POLL_MAX_MS = 1_500

interface Asked extends Answer {
  query_status?: QueryStatus | null
}

/** The answer, waited for however it is made. Aborting the signal stops the query on the server too. */
export async function ask<T extends Answer>(
  projectId: string,
  query: AnyQuery,
  { refresh = 'blocking', signal, filtersOverride, variablesOverride, onProgress }: AskOptions = {},
): Promise<T> {
  const id = randomId()
  const stop = () => void cancel(projectId, id)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const { status, body } = await takeWithStatus<Asked>(
      api.POST('/api/projects/{project_id}/query/', {
        params: { path: { project_id: projectId } },
        body: {
          query,
          refresh,
          client_query_id: id,
          ...(filtersOverride && { filters_override: filtersOverride }),
          ...(variablesOverride && { variables_override: variablesOverride }),
        } as never,
        signal,
      }),
    )
    if (status !== 202) return body as unknown as T
    return (await followed(projectId, body.query_status?.id ?? id, signal, onProgress)) as T
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

async function followed(
  projectId: string,
  id: string,
  signal: AbortSignal | undefined,
  onProgress: AskOptions['onProgress'],
): Promise<unknown> {
  let wait = POLL_FIRST_MS
  for (;;) {
    await pause(wait, signal)
    wait = Math.min(wait * 1.5, POLL_MAX_MS)
    const path = { project_id: projectId, query_id: id }
    const asked = { params: { path, query: { show_progress: true } as never }, signal }
    const { query_status: status } = await take<{ query_status: QueryStatus }>(
      api.GET('/api/projects/{project_id}/query/{query_id}/', asked),
    )
    if (status.error) throw new ApiError(400, { detail: status.error_message ?? 'The query failed.' })
    // Such an answer does not say itself how fresh it is.
    if (status.complete) return { last_refresh: status.end_time, ...(status.results as object) }
    if (status.query_progress) onProgress?.(status.query_progress)
  }
}

async function cancel(projectId: string, id: string): Promise<void> {
  const path = { project_id: projectId, query_id: id }
  // Nobody waits for this one: a query that ended meanwhile is not there to be stopped.
  await api
    .DELETE('/api/projects/{project_id}/query/{query_id}/', { params: { path }, keepalive: true })
    .catch(() => {})
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
