import { useQueryClient } from '@tanstack/react-query'
import { changeInsight, createInsight, type Insight } from '@/api/insight'
import { keys } from '@/api/keys'
import { notifyFailed } from '@/components/notify'
import { notifyUndo } from '@/components/notifyUndo'
import { useProjectId } from '@/components/useProject'

/** What the list and the page of an insight can both do with it. */
export function useInsightDeeds() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const changed = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: [...keys.all(projectId, 'insights'), 'list'] }),
      client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') }),
    ])

  /** Hidden rather than destroyed: it can be brought back. */
  const remove = async (insight: Insight) => {
    try {
      await changeInsight(projectId, insight.id, { deleted: true })
      await changed()
      notifyUndo(`“${titleOf(insight)}” is deleted`, () => {
        changeInsight(projectId, insight.id, { deleted: false }).then(changed).catch(notifyFailed)
      })
      return true
    } catch (error) {
      notifyFailed(error)
      return false
    }
  }

  const duplicate = async (insight: Insight): Promise<Insight | null> => {
    try {
      const made = await createInsight(projectId, {
        name: `${titleOf(insight)} (copy)`.slice(0, 400),
        description: insight.description,
        tags: insight.tags,
        query: insight.query,
        saved: true,
      })
      await changed()
      return made
    } catch (error) {
      notifyFailed(error)
      return null
    }
  }
  return { remove, duplicate }
}

export function titleOf(insight: Pick<Insight, 'name' | 'derived_name'>): string {
  return insight.name || insight.derived_name || 'Untitled insight'
}
