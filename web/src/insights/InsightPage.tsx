import { Card, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { type Insight, insightQuery, noteInsightViewed } from '@/api/insight'
import { ErrorState } from '@/components/ErrorState'
import { LoadingChart, LoadingText } from '@/components/Loading'
import { notifyDone } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { Builder } from './Builder'
import { type InsightQuery, isBuilt, sourceOf, wrapped } from './query/insightQuery'
import { RowsInsight } from './RowsInsight'
import { insightRoute } from './routes'
import { InsightHeader } from './saved/InsightHeader'
import { useInsightChange } from './saved/useInsightChange'
import { titleOf } from './saved/useInsightDeeds'

/** A kept insight, to be looked at and changed. */
export function InsightPage() {
  const projectId = useProjectId()
  const { shortId } = insightRoute.useParams()
  const found = useQuery(insightQuery(projectId, shortId))
  const id = found.data?.id
  useEffect(() => {
    if (id !== undefined) void noteInsightViewed(projectId, id)
  }, [projectId, id])
  if (found.error && !found.data) {
    return (
      <Card>
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      </Card>
    )
  }
  if (!found.data) {
    return (
      <Stack>
        <LoadingText lines={2} />
        <Card>
          <LoadingChart height={360} />
        </Card>
      </Stack>
    )
  }
  return <Kept key={found.data.id} insight={found.data} />
}

function Kept({ insight }: { insight: Insight }) {
  const [state, change] = useUrlState(insightRoute)
  const save = useInsightChange(insight)
  const kept = sourceOf(insight.query)
  const isBuildable = kept !== null && isBuilt(kept.kind)
  const query = state.q ?? kept
  const changed = state.q && JSON.stringify(state.q) !== JSON.stringify(kept) ? state.q : null
  const set = (q: InsightQuery) => change({ q: JSON.stringify(q) === JSON.stringify(kept) ? undefined : q })
  return (
    <>
      <InsightHeader
        insight={insight}
        changed={changed}
        onSave={async () => {
          if (!changed) return
          await save.mutateAsync({ query: wrapped(changed, insight.query), saved: true }).then(
            () => {
              change({ q: undefined })
              notifyDone('Changes saved')
            },
            () => {},
          )
        }}
        onDiscard={() => change({ q: undefined })}
      />
      {isBuildable && query ? (
        <Builder query={query} onChange={set} label={titleOf(insight)} insightId={insight.id} />
      ) : (
        <RowsInsight insight={insight} />
      )}
    </>
  )
}
