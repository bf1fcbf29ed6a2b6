import { Button, Card, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Cohort, CohortChange } from '@/api/cohort'
import { notifyFailed } from '@/components/notify'

interface Props {
  cohort: Cohort
  readOnly: boolean
  onSave: (change: CohortChange) => Promise<unknown>
}

/** What a static cohort is called. */
export function CohortDetailsForm({ cohort, readOnly, onSave }: Props) {
  const [name, setName] = useState(cohort.name)
  const [description, setDescription] = useState(cohort.description)
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      await onSave({ name: name.trim(), description: description.trim() })
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
          if (name.trim()) void save()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            required
            maxLength={400}
            value={name}
            readOnly={readOnly}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            minRows={1}
            maxRows={6}
            maxLength={1000}
            value={description}
            readOnly={readOnly}
            onChange={event => setDescription(event.currentTarget.value)}
          />
          {!readOnly && (
            <Group justify="flex-end">
              <Button type="submit" loading={busy} disabled={!name.trim()}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  )
}
