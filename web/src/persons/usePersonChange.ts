import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { keys } from '@/api/keys'
import type { Person } from '@/api/person'
import type { RowsAnswer } from '@/api/query'
import { notifyProgress } from '@/components/notifyProgress'
import { useProjectId } from '@/components/useProject'

// Changes travel through ingest: they are mostly there after the first wait, nearly always after the second.
const LATER_MS = [1_200, 4_000]

/**
 * Shows a change of persons at once, as far as it is known, and asks again when it will have arrived.
 *
 * `after` makes what is shown out of what was shown; it counts for every address of the person.
 */
export function usePersonChange() {
  const client = useQueryClient()
  const projectId = useProjectId()
  return useCallback(
    (id: string, after?: (person: Person) => Person) => {
      const kept = keys.all(projectId, 'persons')
      if (after) {
        client.setQueriesData<Person>({ queryKey: [...kept, 'one'] }, person =>
          person?.id === id && person.properties ? after(person) : person,
        )
      }
      for (const wait of LATER_MS) {
        setTimeout(() => void client.invalidateQueries({ queryKey: kept }), wait)
      }
    },
    [client, projectId],
  )
}

/** Tells of a change that the appliance makes later: that it is on its way, then that it is there, and shows it. */
export function usePersonProgress() {
  const client = useQueryClient()
  const projectId = useProjectId()
  return useCallback(
    (words: Parameters<typeof notifyProgress>[0], isDone: () => Promise<boolean>) => {
      void notifyProgress(words, isDone).then(() =>
        client.invalidateQueries({ queryKey: keys.all(projectId, 'persons') }),
      )
    },
    [client, projectId],
  )
}

/** Takes somebody who is being deleted out of the lists at once. */
export function usePersonGone() {
  const client = useQueryClient()
  const projectId = useProjectId()
  return useCallback(
    (id: string) => {
      const lists = [...keys.all(projectId, 'persons'), 'list']
      client.setQueriesData<InfiniteData<RowsAnswer>>({ queryKey: lists }, kept =>
        kept?.pages
          ? {
              ...kept,
              pages: kept.pages.map(page => ({
                ...page,
                results: page.results.filter(([one]) => (one as Person).id !== id),
              })),
            }
          : kept,
      )
    },
    [client, projectId],
  )
}
