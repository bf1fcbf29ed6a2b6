import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { keys } from '@/api/keys'
import { ask, type RowsAnswer } from '@/api/query'
import { useProjectId } from '@/components/useProject'
import { type GroupsState, groupsOf, groupsQuery, PAGE_ROWS } from './groupsQuery'

/** The groups of the list, some more with every `fetchNextPage`. */
export function useGroups(type: number, state: GroupsState) {
  const projectId = useProjectId()
  const query = groupsQuery(type, state)
  const found = useInfiniteQuery({
    // Under `groups`, so that a change of a group makes it stale.
    queryKey: keys.list(projectId, 'groups', { query }),
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
  const rows = useMemo(
    () =>
      found.data &&
      groupsOf(
        type,
        found.data.pages.map(page => page.results),
      ),
    [found.data, type],
  )
  return { ...found, rows }
}
