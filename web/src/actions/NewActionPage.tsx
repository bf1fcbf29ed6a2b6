import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { actionQuery, createAction } from '@/api/action'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { notifyDone } from '@/components/notify'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { ActionForm } from './ActionForm'
import { actionRoute, newActionRoute } from './routes'
import { newStep } from './steps'

export function NewActionPage() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { from, event } = newActionRoute.useSearch()
  const source = useQuery({ ...actionQuery(projectId, from ?? 0), enabled: from !== undefined })
  const initial = source.data
    ? { ...source.data, name: `${source.data.name} (copy)` }
    : { name: '', description: '', tags: [], steps: [newStep(event)] }
  return (
    <>
      <PageHeader title="New action" description="Whatever matches counts, events of the past too" />
      {source.error ? (
        <ErrorState error={source.error} onRetry={() => source.refetch()} />
      ) : from !== undefined && !source.data ? (
        <LoadingText lines={6} />
      ) : (
        <ActionForm
          initial={initial}
          saveLabel="Create action"
          onSave={async change => {
            const made = await createAction(projectId, change)
            await client.invalidateQueries({ queryKey: keys.all(projectId, 'actions') })
            notifyDone(`“${made.name}” is saved.`)
            await navigate({ to: actionRoute.to, params: { projectId, actionId: String(made.id) } as never })
          }}
        />
      )}
    </>
  )
}
