import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { type Assignee, changeIssues, type Deed, type IssueFound, mergeIssues } from '@/api/issue'
import { ConfirmButton } from '@/components/ConfirmButton'
import { counted } from '@/components/format'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { AssigneeSelect } from '../AssigneeSelect'
import { useStaleIssues } from '../useStaleIssues'
import { issueName, MOVES } from '../words'
import { movesFor } from './listQuery'

interface Props {
  chosen: IssueFound[]
  onDone: () => void
}

/** What can be done with several issues at once. */
export function BulkActions({ chosen, onDone }: Props) {
  const projectId = useProjectId()
  const stale = useStaleIssues()
  const [busy, setBusy] = useState(false)
  const ids = chosen.map(one => one.id)
  const act = async (deed: () => Promise<void>, told: string) => {
    setBusy(true)
    try {
      await deed()
      onDone()
      await stale()
      notifyDone(told)
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  const change = (deed: Deed, told: string) =>
    act(() => changeIssues(projectId, ids, deed), `${counted(ids.length, 'issue')} ${told}.`)
  const assign = (assignee: Assignee | null) => change({ action: 'assign', assignee }, 'assigned')
  // The oldest keeps its name and its place.
  const [target, ...others] = [...chosen].sort((a, b) => a.first_seen.localeCompare(b.first_seen))
  return (
    <Group gap="xs" role="group" aria-label="With the selected issues">
      <Text size="sm">{ids.length} selected</Text>
      {movesFor(chosen.map(one => one.status)).map(status => (
        <Button
          key={status}
          variant="default"
          loading={busy}
          onClick={() => change({ action: 'set_status', status }, status === 'active' ? 'reopened' : status)}
        >
          {MOVES[status]}
        </Button>
      ))}
      <AssigneeSelect
        label="Assign to"
        placeholder="Assign to…"
        value={null}
        onChange={assign}
        disabled={busy}
      />
      {target && others.length > 0 && (
        <ConfirmButton
          label="Merge"
          title={`Merge ${counted(chosen.length, 'issue')}?`}
          confirmLabel="Merge"
          danger={false}
          onConfirm={() =>
            act(
              () =>
                mergeIssues(
                  projectId,
                  target.id,
                  others.map(one => one.id),
                ),
              `${counted(chosen.length, 'issue')} are one now.`,
            )
          }
        >
          All their exceptions, and those to come, belong to “{issueName(target)}”, the oldest. The others are
          gone; fingerprints can be split off again on the issue’s page.
        </ConfirmButton>
      )}
    </Group>
  )
}
