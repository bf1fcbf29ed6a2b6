import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { keys } from '@/api/keys'
import { ask, type RowsAnswer } from '@/api/query'
import { useProjectId } from '@/components/useProject'
import { type EventsState, eventsQuery, PAGE_ROWS, rowsOf } from './eventsQuery'

/** The events of the page, some more with every `fetchNextPage`. */
export function useEvents(state: EventsState) {
  const projectId = useProjectId()
  const query = eventsQuery(state)
  const found = useInfiniteQuery({
    queryKey: keys.answer(projectId, { list: query }),
    queryFn: ({ pageParam, signal }) =>
      ask<RowsAnswer>(
        projectId,
        { ...query, limit: PAGE_ROWS, offset: pageParam },
        { signal, refresh: 'force_blocking' },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.hasMore ? pages.length * PAGE_ROWS : undefined),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => found.data && rowsOf(found.data.pages.map(page => page.results)), [found.data])
  return { ...found, rows }
}
