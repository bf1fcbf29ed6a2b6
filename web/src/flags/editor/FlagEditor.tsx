import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { ApiError, errorText, errorTitle } from '@/api/errors'
import type { FlagFilters } from '@/api/flag'
import { isSendable } from '../checks'
import { type FlagDraft, isChanged } from '../draft'
import { AdvancedCard } from './AdvancedCard'
import { ConditionsCard } from './ConditionsCard'
import { FirstCard } from './FirstCard'
import { FailureContext } from './failure'
import { IdentityCard } from './IdentityCard'
import { KindCard } from './KindCard'
import { LeaveQuestion } from './LeaveQuestion'

interface Props {
  initial: FlagDraft
  /** As they are kept, for what can only be looked at; none for a new flag. */
  filters?: FlagFilters
  /** The key that is kept; none for a new flag. */
  keptKey?: string
  saveLabel: string
  onSave: (draft: FlagDraft) => Promise<void>
  onCancel: () => void
  /** What can be done if somebody else was faster. */
  conflict?: (send: (how: (draft: FlagDraft) => Promise<void>) => void) => ReactNode
}

export function FlagEditor({ initial, filters, keptKey, saveLabel, onSave, onCancel, conflict }: Props) {
  const [draft, setDraft] = useState(initial)
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState(false)
  const change = (changed: Partial<FlagDraft>) => setDraft(before => ({ ...before, ...changed }))
  const dirty = isChanged(draft, initial)
  const save = async (how: (draft: FlagDraft) => Promise<void>) => {
    setBusy(true)
    setFailure(null)
    setSaved(true)
    try {
      await how(draft)
    } catch (error) {
      setSaved(false)
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const isConflict = failure instanceof ApiError && failure.status === 409
  return (
    <FailureContext.Provider value={failure}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          if (isSendable(draft)) void save(onSave)
        }}
      >
        <Stack gap="md" maw={860}>
          <IdentityCard draft={draft} change={change} keptKey={keptKey} />
          <KindCard draft={draft} change={change} />
          {draft.kind !== 'remote' && <ConditionsCard draft={draft} change={change} />}
          {draft.kind !== 'remote' && <FirstCard draft={draft} change={change} filters={filters} />}
          <AdvancedCard draft={draft} change={change} />
          {failure !== null && (
            <Alert
              color={isConflict ? 'orange' : 'red'}
              icon={<IconAlertTriangle size={18} />}
              title={isConflict ? 'Somebody else changed this flag' : errorTitle(failure)}
              role="alert"
            >
              <Stack gap="sm">
                {errorText(failure)}
                {isConflict && conflict?.(how => void save(how))}
              </Stack>
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={!isSendable(draft) || (keptKey !== undefined && !dirty)}
            >
              {saveLabel}
            </Button>
          </Group>
        </Stack>
      </form>
      <LeaveQuestion when={dirty && !saved} />
    </FailureContext.Provider>
  )
}
