import { PageHeader } from '@/components/PageHeader'
import { useUrlState } from '@/components/useUrlState'
import { Builder } from './Builder'
import { kindLabel } from './query/insightQuery'
import { newQuery } from './query/kinds'
import { newInsightRoute } from './routes'
import { SaveNew } from './saved/SaveNew'

/** A question that is not kept: all of it is in the address. */
export function NewInsightPage() {
  const [state, change] = useUrlState(newInsightRoute)
  const query = state.q ?? newQuery(state.kind ?? 'TrendsQuery')
  return (
    <>
      <PageHeader
        title="New insight"
        description="Not saved yet. The address of this page holds all of it."
        actions={<SaveNew query={query} dashboard={state.dashboard} />}
      />
      <Builder
        query={query}
        onChange={q => change({ q, kind: undefined })}
        label={`New ${kindLabel(query.kind).toLowerCase()} insight`}
      />
    </>
  )
}
