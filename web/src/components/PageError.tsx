import type { ErrorComponentProps } from '@tanstack/react-router'
import { useRouter } from '@tanstack/react-router'
import { ApiError, errorText } from '@/api/errors'
import { NotFound } from '@/shell/NotFound'
import { ErrorState } from './ErrorState'

/** A page that failed while it was drawn or loaded; the shell around it goes on. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  if (error instanceof ApiError && error.isGone) return <NotFound />
  const retry = () => {
    reset()
    void router.invalidate()
  }
  // A chunk of an older build is gone once the server was updated: a reload gets the new one.
  const isStale = /dynamically imported module|module script failed/i.test(errorText(error))
  const told = isStale ? new Error('Hoglet was updated. Reload the page to go on.') : error
  return <ErrorState error={told} onRetry={isStale ? () => location.reload() : retry} />
}
