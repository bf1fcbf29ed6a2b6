import { useMutation, useQueryClient } from '@tanstack/react-query'
import { changeInsight, type Insight, type InsightChange, insightQuery } from '@/api/insight'
import { keys } from '@/api/keys'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'

/** Changes a kept insight; what is shown of it changes at once, and back if the server refuses. */
export function useInsightChange(insight: Insight) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const { queryKey } = insightQuery(projectId, insight.short_id)
  return useMutation({
    mutationFn: (change: InsightChange) => changeInsight(projectId, insight.id, change),
    onMutate: change => {
      const before = client.getQueryData(queryKey)
      if (before) client.setQueryData(queryKey, { ...before, ...change })
      return { before }
    },
    onError: (error, _, context) => {
      if (context?.before) client.setQueryData(queryKey, context.before)
      notifyFailed(error)
    },
    onSuccess: (changed, change) => {
      if (client.getQueryData(queryKey)) client.setQueryData(queryKey, changed)
      void client.invalidateQueries({ queryKey: [...keys.all(projectId, 'insights'), 'list'] })
      if ('dashboards' in change || 'query' in change || 'name' in change || 'description' in change) {
        void client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') })
      }
    },
  })
}
