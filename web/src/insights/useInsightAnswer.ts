import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { keys } from '@/api/keys'
import type { AnyQuery } from '@/api/query'
import { useProjectId, useTimezone } from '@/components/useProject'
import { useQueryKind } from '@/components/useQueryKind'
import { sourceOf } from './query/insightQuery'
import type { InsightAnswer } from './result/answers'

type Told = InsightAnswer & { results: unknown }

/** The answer to the insight on the page, with the question that it answers: an older pair stays until a newer comes. */
export function useInsightAnswer(query: AnyQuery | null) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const found = useQueryKind<Told>(query, { refresh: 'async' })
  const timezone = useTimezone()
  const last = useRef<{ query: AnyQuery; answer: Told; result: Told } | null>(null)
  if (query && found.data && !found.isPrevious && !found.error) {
    if (last.current?.answer !== found.data) {
      last.current = { query, answer: found.data, result: { timezone, ...found.data } }
    }
  }
  const isSameKind = query && last.current && drawingOf(query) === drawingOf(last.current.query)
  return {
    ...found,
    shown: isSameKind ? last.current : null,
    /** Stops it, on the server too. */
    cancel: () => {
      const queryKey = keys.answer(projectId, {
        query,
        filtersOverride: undefined,
        variablesOverride: undefined,
      })
      return client.cancelQueries({ queryKey })
    },
  }
}

/** Questions with the same have answers that look alike, so that an older one may stand in. */
function drawingOf(query: AnyQuery): string {
  const source = sourceOf(query)
  return `${source?.kind} ${source?.funnelsFilter?.funnelVizType ?? ''}`
}
