import { Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { createFlag, flagQuery } from '@/api/flag'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { LoadingCards } from '@/components/Loading'
import { notifyDone } from '@/components/notify'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { bodyOf, copyOf, emptyDraft, type FlagDraft } from '../draft'
import { flagRoute, flagsRoute, newFlagRoute } from '../routes'
import { FlagEditor } from './FlagEditor'

/** A new flag, or one that begins as a copy of another. */
export function NewFlagPage() {
  const projectId = useProjectId()
  const { from } = newFlagRoute.useSearch()
  const source = useQuery({ ...flagQuery(projectId, from ?? 0), enabled: from !== undefined })
  const client = useQueryClient()
  const navigate = useNavigate()
  const save = async (draft: FlagDraft) => {
    const made = await createFlag(projectId, bodyOf(draft))
    await client.invalidateQueries({ queryKey: keys.all(projectId, 'feature_flags') })
    notifyDone(`“${made.key}” is made.`)
    await navigate({ to: flagRoute.to, params: { projectId, flagId: String(made.id) } })
  }
  const cancel = () => void navigate({ to: flagsRoute.to, params: { projectId } })
  return (
    <>
      <PageHeader
        title="New feature flag"
        description={
          source.data ? `A copy of ${source.data.key}` : 'What it is called, what it answers, who gets it'
        }
      />
      {from !== undefined && source.isPending && (
        <Stack maw={860}>
          <LoadingCards count={3} />
        </Stack>
      )}
      {source.error && <ErrorState error={source.error} onRetry={() => source.refetch()} />}
      {(from === undefined || source.data) && (
        <FlagEditor
          key={from}
          initial={source.data ? copyOf(source.data) : emptyDraft()}
          saveLabel="Create flag"
          onSave={save}
          onCancel={cancel}
        />
      )}
    </>
  )
}
