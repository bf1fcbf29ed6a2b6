import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type Person, splitPerson } from '@/api/person'
import { counted } from '@/components/format'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { isSplit } from './settled'
import { usePersonProgress } from './usePersonChange'

interface Props {
  person: Person
  onClose: () => void
}

/** Takes apart what should never have been one person. */
export function SplitDialog({ person, onClose }: Props) {
  const projectId = useProjectId()
  const progress = usePersonProgress()
  const [main, setMain] = useState(person.distinct_ids[0] ?? '')
  const [busy, setBusy] = useState(false)
  const split = async () => {
    setBusy(true)
    try {
      await splitPerson(projectId, person.id, main)
      progress(
        {
          pending: 'Splitting…',
          done: `Split into ${counted(person.distinct_ids.length, 'person', 'people')}.`,
          late: 'Splitting takes longer than usual. It will be done when its turn comes.',
        },
        () => isSplit(projectId, person, main),
      )
      onClose()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Split this person?" size="md">
      <Stack>
        <Text>
          Each of the {person.distinct_ids.length} distinct ids becomes a person of its own, with the events
          that came under it.
        </Text>
        <NativeSelect
          label="Keeps the properties"
          data={person.distinct_ids}
          value={main}
          onChange={event => setMain(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={busy} onClick={split}>
            Split
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
