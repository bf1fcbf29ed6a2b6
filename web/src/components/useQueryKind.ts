import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { keys } from '@/api/keys'
import { type Answer, type AnyQuery, ask, type Progress, type Refresh } from '@/api/query'
import { useProjectId } from './useProject'

export interface QueryKindOptions {
  /** `async` for what may take long: it shows progress. Others wait for the answer. */
  refresh?: Refresh
  /** Show the last answer, dimmed, until another question's answer is there. Default: true. */
  keepPrevious?: boolean
  enabled?: boolean
  filtersOverride?: object
  variablesOverride?: object
  refetchEvery_ms?: number
}

export interface QueryKindState<T> {
  data: T | undefined
  error: Error | null
  /** Nothing to show yet. */
  isLoading: boolean
  /** Asking, while something older may be shown. */
  isFetching: boolean
  /** What is shown answers the question before this one. */
  isPrevious: boolean
  progress: Progress | null
  /** Asks again, past what the server kept. */
  refresh: () => Promise<void>
  /** Asks again, kept answers allowed: for Retry. */
  retry: () => void
}

/**
 * The answer to a question about the data, for the project of the page.
 *
 * A question that is no longer shown is called off, on the server too. `null` asks nothing.
 */
export function useQueryKind<T extends Answer>(
  query: AnyQuery | null,
  options: QueryKindOptions = {},
): QueryKindState<T> {
  const {
    refresh = 'blocking',
    keepPrevious = true,
    enabled = true,
    filtersOverride,
    variablesOverride,
  } = options
  const projectId = useProjectId()
  const client = useQueryClient()
  const [progress, setProgress] = useState<Progress | null>(null)
  const queryKey = keys.answer(projectId, { query, filtersOverride, variablesOverride })

  const asked = useCallback(
    (how: Refresh, signal?: AbortSignal) => {
      if (!query) throw new Error('There is no question.')
      setProgress(null)
      return ask<T>(projectId, query, {
        refresh: how,
        signal,
        filtersOverride,
        variablesOverride,
        onProgress: setProgress,
      })
    },
    [projectId, query, filtersOverride, variablesOverride],
  )

  const found = useQuery({
    queryKey,
    queryFn: ({ signal }) => asked(refresh, signal),
    enabled: enabled && query !== null,
    placeholderData: keepPrevious ? keepPreviousData : undefined,
    refetchInterval: options.refetchEvery_ms,
    staleTime: 30_000,
  })

  return {
    data: found.data,
    error: found.error,
    isLoading: found.isPending && found.isFetching,
    isFetching: found.isFetching,
    isPrevious: found.isPlaceholderData,
    progress: found.isFetching ? progress : null,
    refresh: async () => {
      const anew: Refresh = refresh.includes('async') ? 'force_async' : 'force_blocking'
      await client.fetchQuery({ queryKey, queryFn: ({ signal }) => asked(anew, signal), staleTime: 0 })
    },
    retry: () => void found.refetch(),
  }
}
