import { Button, Card, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Cohort, CohortChange } from '@/api/cohort'
import { notifyFailed } from '@/components/notify'
import { NameFields, trimmed } from './NameFields'

interface Props {
  cohort: Cohort
  readOnly: boolean
  onSave: (change: CohortChange) => Promise<unknown>
}

/** What a static cohort is called. */
export function CohortDetailsForm({ cohort, readOnly, onSave }: Props) {
  const [named, setNamed] = useState({ name: cohort.name, description: cohort.description })
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      await onSave(trimmed(named))
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Card maw={720}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (named.name.trim()) void save()
        }}
      >
        <Stack gap="sm">
          <NameFields named={named} onChange={setNamed} readOnly={readOnly} />
          {!readOnly && (
            <Group justify="flex-end">
              <Button type="submit" loading={busy} disabled={!named.name.trim()}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  )
}
