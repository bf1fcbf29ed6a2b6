import { Button, Group, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { changeFlag, type Flag, flagQuery } from '@/api/flag'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { LoadingCards } from '@/components/Loading'
import { notifyDone, notifyFailed } from '@/components/notify'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { changeOf, draftOf, type FlagDraft } from '../draft'
import { editFlagRoute, flagRoute } from '../routes'
import { FlagEditor } from './FlagEditor'

export function EditFlagPage() {
  const projectId = useProjectId()
  const { flagId } = editFlagRoute.useParams()
  const found = useQuery(flagQuery(projectId, flagId))
  return (
    <>
      <PageHeader title={found.data ? `Edit ${found.data.key}` : 'Edit flag'} />
      {found.data ? (
        <Editor flag={found.data} />
      ) : found.error ? (
        <ErrorState error={found.error} onRetry={() => found.refetch()} />
      ) : (
        <Stack maw={860}>
          <LoadingCards count={3} />
        </Stack>
      )}
    </>
  )
}

/** Edits the flag as it was seen when the page was opened, whatever comes in meanwhile. */
function Editor({ flag }: { flag: Flag }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [seen, setSeen] = useState(flag)
  const leave = () => navigate({ to: flagRoute.to, params: { projectId, flagId: String(flag.id) } })
  const send = async (draft: FlagDraft, version = seen.version) => {
    const changed = await changeFlag(projectId, flag.id, { ...changeOf(draft, seen), version })
    client.setQueryData(flagQuery(projectId, flag.id).queryKey, changed)
    await client.invalidateQueries({ queryKey: keys.all(projectId, 'feature_flags') })
    notifyDone(`“${changed.key}” is saved.`)
    await leave()
  }
  const reload = async () => {
    const fresh = await client.fetchQuery({ ...flagQuery(projectId, flag.id), staleTime: 0 })
    setSeen(fresh)
  }
  const overwrite = async (draft: FlagDraft) => {
    const fresh = await client.fetchQuery({ ...flagQuery(projectId, flag.id), staleTime: 0 })
    await send(draft, fresh.version)
  }
  return (
    <FlagEditor
      key={seen.version}
      initial={draftOf(seen)}
      filters={seen.filters}
      keptKey={seen.key}
      saveLabel="Save changes"
      onSave={draft => send(draft)}
      onCancel={leave}
      conflict={again => (
        <Group gap="xs">
          <Button variant="default" onClick={() => reload().catch(notifyFailed)}>
            Take theirs and start over
          </Button>
          <Button variant="default" c="red" onClick={() => again(overwrite)}>
            Overwrite with mine
          </Button>
        </Group>
      )}
    />
  )
}
