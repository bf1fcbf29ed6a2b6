import { IconClick } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { actionQuery, changeAction } from '@/api/action'
import { ApiError } from '@/api/errors'
import { keys } from '@/api/keys'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { notifyDone } from '@/components/notify'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { ActionForm } from './ActionForm'
import { ActionMenu } from './ActionMenu'
import { actionRoute, actionsRoute } from './routes'

export function ActionPage() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const { actionId } = actionRoute.useParams()
  const found = useQuery(actionQuery(projectId, actionId))
  const action = found.data
  if (!action) {
    return (
      <>
        <PageHeader title="Action" />
        {found.error instanceof ApiError && found.error.isGone ? (
          <EmptyState icon={IconClick} title="There is no such action">
            It may have been deleted, or belongs to another project.
          </EmptyState>
        ) : found.error ? (
          <ErrorState error={found.error} onRetry={() => found.refetch()} />
        ) : (
          <LoadingText lines={6} />
        )}
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={action.name || `Action ${action.id}`}
        description={action.description || 'Whatever matches counts, events of the past too'}
        actions={
          <ActionMenu
            action={action}
            onDeleted={() => void navigate({ to: actionsRoute.to, params: { projectId } as never })}
          />
        }
      />
      <ActionForm
        key={action.id}
        initial={action}
        saveLabel="Save"
        readOnly={!mayChange}
        onSave={async change => {
          await changeAction(projectId, action.id, change)
          await client.invalidateQueries({ queryKey: keys.all(projectId, 'actions') })
          notifyDone('The action is saved.')
        }}
      />
    </>
  )
}
