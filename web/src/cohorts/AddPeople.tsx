import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { addToCohort, type Cohort, changeCohort } from '@/api/cohort'
import { errorText } from '@/api/errors'
import type { Person } from '@/api/person'
import { notifyDone } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { PersonSearch } from '@/persons/PersonSearch'
import { CsvInput } from './StaticCohortForm'

interface Props {
  cohort: Cohort
  onClose: () => void
  onAdded: () => void
}

/** Puts persons into a static cohort: chosen ones, and those of a file. */
export function AddPeople({ cohort, onClose, onAdded }: Props) {
  const projectId = useProjectId()
  const [csv, setCsv] = useState<File | null>(null)
  const [persons, setPersons] = useState<Person[]>([])
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const add = async () => {
    setBusy(true)
    setFailure(null)
    try {
      if (csv) await changeCohort(projectId, cohort.id, {}, csv)
      if (persons.length > 0) {
        await addToCohort(
          projectId,
          cohort.id,
          persons.map(one => one.id),
        )
      }
      notifyDone(`People are put into “${cohort.name}”.`)
      onAdded()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={`Add people to “${cohort.name}”`} size="md">
      <Stack>
        <PersonSearch chosen={persons} onChange={setPersons} />
        <Text c="var(--hoglet-quiet)" ta="center" size="sm">
          or
        </Text>
        <CsvInput value={csv} onChange={setCsv} />
        {failure !== null && <Alert color="red">{errorText(failure)}</Alert>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} disabled={!csv && persons.length === 0} onClick={add}>
            Add
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
