import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { changeInsight, createInsight, type Insight, type InsightChange } from '@/api/insight'
import { keys } from '@/api/keys'
import { useProjectId } from '@/components/useProject'

/** Keeps queries as insights, and tells everything that shows insights. */
export function useSaving() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const noted = useCallback(
    (insight: Insight) => {
      client.setQueryData(keys.one(projectId, 'insights', insight.short_id), insight)
      void client.invalidateQueries({ queryKey: keys.all(projectId, 'insights') })
      return insight
    },
    [client, projectId],
  )
  const create = useCallback(
    async (body: InsightChange) => noted(await createInsight(projectId, { ...body, saved: true })),
    [projectId, noted],
  )
  const change = useCallback(
    async (id: number, body: InsightChange) => noted(await changeInsight(projectId, id, body)),
    [projectId, noted],
  )
  return { create, change }
}
