import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { mergePersons, type Person } from '@/api/person'
import { counted } from '@/components/format'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { PersonSearch } from './PersonSearch'
import { isMerged } from './settled'
import { usePersonProgress } from './usePersonChange'

interface Props {
  person: Person
  name: string
  onClose: () => void
}

const MERGED_MAX = 50

/** Makes others a part of this person. */
export function MergeDialog({ person, name, onClose }: Props) {
  const projectId = useProjectId()
  const progress = usePersonProgress()
  const [chosen, setChosen] = useState<Person[]>([])
  const [busy, setBusy] = useState(false)
  const merge = async () => {
    setBusy(true)
    try {
      await mergePersons(
        projectId,
        person.id,
        chosen.map(one => one.id),
      )
      const people = counted(chosen.length, 'person', 'people')
      progress(
        {
          pending: `Merging ${people} into ${name}…`,
          done: `${people} merged into ${name}.`,
          late: `Merging ${people} into ${name} takes longer than usual. It will be done when its turn comes.`,
        },
        () => isMerged(projectId, person, chosen),
      )
      onClose()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={`Merge others into ${name}`} size="md">
      <Stack>
        <Text>
          Their distinct ids and events become {name}’s. Where both have a property, {name}’s value stays.
        </Text>
        <PersonSearch chosen={chosen} onChange={setChosen} without={person.id} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            loading={busy}
            disabled={chosen.length === 0 || chosen.length > MERGED_MAX}
            onClick={merge}
          >
            {chosen.length > 1 ? `Merge ${chosen.length} people` : 'Merge'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
