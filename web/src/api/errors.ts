/** Every failed request becomes an `ApiError`; pages know no other. */

interface Told {
  type?: string
  code?: string
  detail?: string
  attr?: string | null
}

export class ApiError extends Error {
  /** The HTTP status; 0 when no answer came at all. */
  readonly status: number
  readonly code: string
  /** The field that breaks a rule, nested ones as `steps__0__event`. */
  readonly attr: string | null

  constructor(status: number, told: Told) {
    super(told.detail || titleOf(status))
    this.name = 'ApiError'
    this.status = status
    this.code = told.code ?? 'error'
    this.attr = told.attr ?? null
  }

  get isGone(): boolean {
    return this.status === 404
  }

  get isSignedOut(): boolean {
    return this.status === 401
  }

  /** Whether the same request may well succeed later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

/** What a body that is no error of ours says is not shown. */
export function errorOf(status: number, body: unknown): ApiError {
  return new ApiError(status, isTold(body) ? body : { detail: failedRun(body) })
}

/** A query in the background that failed answers with how it is instead. */
function failedRun(body: unknown): string | undefined {
  const run = (body as { query_status?: { error_message?: unknown } } | null | undefined)?.query_status
  return typeof run?.error_message === 'string' ? run.error_message : undefined
}

export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

/** A short heading for any failure; the failure's own message tells the rest. */
export function errorTitle(error: unknown): string {
  return error instanceof ApiError ? titleOf(error.status) : 'Something went wrong'
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function titleOf(status: number): string {
  if (status === 0) return 'The server does not answer'
  if (status === 400) return 'This cannot be answered'
  if (status === 401) return 'You are signed out'
  if (status === 403) return 'You may not do this'
  if (status === 404) return 'Not found'
  if (status === 409) return 'Somebody else changed this'
  if (status === 413) return 'This is too large'
  if (status === 429) return 'Too many requests at once'
  if (status === 503) return 'A part of the server does not answer now'
  return 'The server failed'
}

function isTold(body: unknown): body is Told {
  return typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string'
}
