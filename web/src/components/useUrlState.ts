import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

interface Searched<S> {
  useSearch: () => S
}

/**
 * A page's state out of its address, and a setter that changes a part of it.
 *
 * A change replaces the entry in the history, unless it opens something (`{ push: true }`) that Back should close.
 * `undefined` takes a parameter out, so that an address says only what differs from the page's defaults.
 */
export function useUrlState<S extends object>(
  route: Searched<S>,
): [S, (change: Partial<S>, options?: { push?: boolean }) => void] {
  const state = route.useSearch()
  const navigate = useNavigate()
  const change = useCallback(
    (changed: Partial<S>, { push = false }: { push?: boolean } = {}) =>
      void navigate({
        to: '.',
        search: ((before: object) => ({ ...before, ...changed })) as never,
        replace: !push,
        resetScroll: false,
      }),
    [navigate],
  )
  return [state, change]
}
