import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { keys } from '@/api/keys'
import { ask, type RowsAnswer } from '@/api/query'
import { useProjectId } from '@/components/useProject'
import { PAGE_ROWS, type PersonsState, personsOf, personsQuery } from './personsQuery'

interface Options {
  enabled?: boolean
  limit?: number
}

/** The persons of the list, some more with every `fetchNextPage`. */
export function usePersons(state: PersonsState, { enabled = true, limit = PAGE_ROWS }: Options = {}) {
  const projectId = useProjectId()
  const query = personsQuery(state)
  const found = useInfiniteQuery({
    // Under `persons`, so that a change of a person makes it stale.
    queryKey: keys.list(projectId, 'persons', { query, limit }),
    queryFn: ({ pageParam, signal }) =>
      ask<RowsAnswer>(
        projectId,
        { ...query, limit, offset: pageParam },
        { signal, refresh: 'force_blocking' },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.hasMore ? pages.length * limit : undefined),
    placeholderData: keepPreviousData,
    enabled,
  })
  const rows = useMemo(
    () => found.data && personsOf(found.data.pages.map(page => page.results)),
    [found.data],
  )
  return { ...found, rows }
}
