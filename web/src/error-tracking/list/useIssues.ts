import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { IssuesAnswer } from '@/api/issue'
import { keys } from '@/api/keys'
import { ask } from '@/api/query'
import { useProjectId } from '@/components/useProject'
import { type ListState, listQuery, PAGE_ROWS } from './listQuery'

/** The issues of the page, some more with every `fetchNextPage`. */
export function useIssues(state: ListState) {
  const projectId = useProjectId()
  const query = listQuery(state)
  const found = useInfiniteQuery({
    queryKey: keys.answer(projectId, { list: query }),
    queryFn: ({ pageParam, signal }) =>
      ask<IssuesAnswer>(
        projectId,
        { ...query, limit: PAGE_ROWS, offset: pageParam },
        { signal, refresh: 'force_blocking' },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.hasMore ? pages.length * PAGE_ROWS : undefined),
    placeholderData: keepPreviousData,
  })
  // One that slid to the next page while it was asked for is there once.
  const rows = useMemo(
    () =>
      found.data && [
        ...new Map(found.data.pages.flatMap(page => page.results).map(one => [one.id, one])).values(),
      ],
    [found.data],
  )
  return { ...found, rows }
}
