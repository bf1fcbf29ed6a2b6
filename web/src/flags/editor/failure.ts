/** What the server says of a draft, at the field that it is about. */
import { createContext, useContext } from 'react'
import { ApiError } from '@/api/errors'

export const FailureContext = createContext<unknown>(null)

/** The server's word on `path`, as `filters__multivariate__variants__0__key`, or on anything within it. */
export function problemAt(failure: unknown, path: string): string | undefined {
  if (!(failure instanceof ApiError) || !failure.attr) return undefined
  const isHere = failure.attr === path || failure.attr.startsWith(`${path}__`)
  return isHere ? failure.message : undefined
}

export function useProblem(): (path: string) => string | undefined {
  const failure = useContext(FailureContext)
  return path => problemAt(failure, path)
}
