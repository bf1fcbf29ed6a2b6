import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { deletePerson, type Person } from '@/api/person'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { isGone } from './settled'
import { usePersonGone, usePersonProgress } from './usePersonChange'

interface Props {
  person: Person
  name: string
  onClose: () => void
  onDeleted: () => void
}

export function DeletePersonDialog({ person, name, onClose, onDeleted }: Props) {
  const projectId = useProjectId()
  const gone = usePersonGone()
  const progress = usePersonProgress()
  const [withEvents, setWithEvents] = useState(false)
  const [busy, setBusy] = useState(false)
  const confirm = async () => {
    setBusy(true)
    try {
      await deletePerson(projectId, person.id, { withEvents })
      progress(
        {
          pending: `Deleting ${name}…`,
          done: withEvents
            ? `${name} is deleted. Their events follow in the background.`
            : `${name} is deleted.`,
          late: `Deleting ${name} takes longer than usual. It will be done when its turn comes.`,
        },
        () => isGone(projectId, person),
      )
      onDeleted()
      gone(person.id)
    } catch (error) {
      notifyFailed(error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={`Delete ${name}?`} size="md">
      <Stack>
        <Text>
          The person, their properties and their places in static cohorts are deleted. This cannot be undone.
          A new event under one of their distinct ids makes a new person.
        </Text>
        <Checkbox
          label="Delete their events too"
          description="Numbers of the past change; without it the events stay, as nobody’s."
          checked={withEvents}
          onChange={event => setWithEvents(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={busy} onClick={confirm}>
            {withEvents ? 'Delete person and events' : 'Delete person'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
