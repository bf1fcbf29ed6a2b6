/**
 * The one door to the API: typed addresses and parameters from the OpenAPI document, CSRF, one kind of error.
 *
 * The document leaves most answers open, so a caller names what it takes:
 * `take<Page<Cohort>>(api.GET('/api/projects/{project_id}/cohorts/', { params: { path: { project_id } }, signal }))`.
 */
import createClient from 'openapi-fetch'
import { csrfToken } from './csrf'
import { ApiError, errorOf, isAborted } from './errors'
import type { paths } from './schema'
import { CSRF_HEADER, sendWithFreshWord } from './staleWord'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: sent })

api.use({
  onRequest({ request }) {
    const token = csrfToken()
    if (token && !SAFE.has(request.method)) request.headers.set(CSRF_HEADER, token)
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !ASKING_WHO.has(schemaPath)) for (const told of listeners) told()
    if (response.status === 403 && schemaPath.startsWith(OF_PROJECT)) for (const told of refused) told()
    return response
  },
})

// These answer 401 to whoever is not signed in yet, which is no surprise.
const ASKING_WHO = new Set(['/api/users/@me/', '/api/login/', '/api/login/token/'])
const listeners = new Set<() => void>()

/** Calls `listener` when the server no longer knows who asks; the answer takes it off again. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const OF_PROJECT = '/api/projects/{project_id}/'
const refused = new Set<() => void>()

/** Calls `listener` when something of a project is refused, as all of it is once it was deleted. */
export function onRefused(listener: () => void): () => void {
  refused.add(listener)
  return () => refused.delete(listener)
}

interface Answered {
  data?: unknown
  error?: unknown
  response: Response
}

/** The body of a successful answer, as the caller knows it; throws an ApiError otherwise. */
export async function take<T>(answered: Promise<Answered>): Promise<T> {
  const { data, error, response } = await answered
  if (!response.ok) throw errorOf(response.status, error)
  return data as T
}

/** The same with the status, where that tells something. */
export async function takeWithStatus<T>(answered: Promise<Answered>): Promise<{ status: number; body: T }> {
  const { data, error, response } = await answered
  if (!response.ok) throw errorOf(response.status, error)
  return { status: response.status, body: data as T }
}

function sent(request: Request): Promise<Response> {
  return sendWithFreshWord(request, reachable)
}

async function reachable(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    if (isAborted(error) || request.signal.aborted) throw error
    throw new ApiError(0, {
      code: 'unreachable',
      detail: 'Check your connection, or whether the server runs.',
    })
  }
}
