import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { type Assignee, changeIssues, type IssueFound, type IssueStatus, mergeIssues } from '@/api/issue'
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
  /** Once they are probably no longer listed. */
  onDone: () => void
}

/** What can be done with several issues at once. */
export function BulkActions({ chosen, onDone }: Props) {
  const projectId = useProjectId()
  const stale = useStaleIssues()
  const [busy, setBusy] = useState(false)
  const ids = chosen.map(one => one.id)
  const act = async (deed: () => Promise<void>, told: string, { leaves = true, moves = false } = {}) => {
    setBusy(true)
    try {
      await deed()
      if (leaves) onDone()
      await stale({ moves })
      notifyDone(told)
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  const move = (status: IssueStatus) =>
    act(
      () => changeIssues(projectId, ids, { action: 'set_status', status }),
      `${counted(ids.length, 'issue')} ${status === 'active' ? 'reopened' : status}.`,
    )
  const assign = (assignee: Assignee | null) =>
    act(
      () => changeIssues(projectId, ids, { action: 'assign', assignee }),
      `${counted(ids.length, 'issue')} assigned.`,
      { leaves: false },
    )
  // The oldest keeps its name and its place.
  const [target, ...others] = [...chosen].sort((a, b) => a.first_seen.localeCompare(b.first_seen))
  return (
    <Group gap="xs" role="group" aria-label="With the selected issues">
      <Text size="sm">{ids.length} selected</Text>
      {movesFor(chosen.map(one => one.status)).map(status => (
        <Button key={status} variant="default" loading={busy} onClick={() => move(status)}>
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
              { moves: true },
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
