import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { keys } from '@/api/keys'
import { ask, type RowsAnswer } from '@/api/query'
import { useProjectId } from '@/components/useProject'
import { type Actor, actorsOf } from './actor'
import { type ActorsQuestion, actorsQuery } from './questions'

const PAGE_ROWS = 100

interface ActorsAnswer extends RowsAnswer {
  missing_actors_count?: number | null
}

/** The actors of a number, some more with every `fetchNextPage`. */
export function useActors(question: ActorsQuestion, search: string) {
  const projectId = useProjectId()
  const query = actorsQuery(question, { search })
  const found = useInfiniteQuery({
    queryKey: keys.answer(projectId, { actors: query }),
    queryFn: ({ pageParam, signal }) =>
      ask<ActorsAnswer>(projectId, { ...query, limit: PAGE_ROWS, offset: pageParam }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const isAll = question.cell !== undefined && actorsOf(question, last).length < last.results.length
      return last.hasMore && !isAll ? pages.length * PAGE_ROWS : undefined
    },
    placeholderData: keepPreviousData,
  })
  const rows = useMemo<Actor[] | undefined>(
    () => found.data && distinct(found.data.pages.flatMap(page => actorsOf(question, page))),
    [found.data, question],
  )
  const missing = found.data?.pages.reduce((sum, page) => sum + (page.missing_actors_count ?? 0), 0) ?? 0
  return { ...found, rows, missing }
}

/** One that slid to the next page while it was asked for is shown once. */
function distinct(actors: Actor[]): Actor[] {
  return [...new Map(actors.map(one => [one.id, one])).values()]
}
