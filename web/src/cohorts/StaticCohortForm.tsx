import { Alert, Button, Card, FileInput, Group, Stack, Text } from '@mantine/core'
import { IconFileTypeCsv } from '@tabler/icons-react'
import { useState } from 'react'
import { errorText } from '@/api/errors'
import type { Person } from '@/api/person'
import { PersonSearch } from '@/persons/PersonSearch'
import { NameFields, trimmed } from './NameFields'

interface Props {
  onSave: (
    details: { name: string; description: string },
    csv: File | undefined,
    personIds: string[],
  ) => Promise<unknown>
}

/** A fixed list: out of a file, and of persons that are chosen. */
export function StaticCohortForm({ onSave }: Props) {
  const [named, setNamed] = useState({ name: '', description: '' })
  const [csv, setCsv] = useState<File | null>(null)
  const [persons, setPersons] = useState<Person[]>([])
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const save = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await onSave(
        trimmed(named),
        csv ?? undefined,
        persons.map(one => one.id),
      )
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (named.name.trim() && !busy) void save()
      }}
    >
      <Stack gap="md" maw={720}>
        <Card>
          <Stack gap="sm">
            <NameFields named={named} onChange={setNamed} />
          </Stack>
        </Card>
        <Card>
          <CsvInput value={csv} onChange={setCsv} />
        </Card>
        <Card>
          <Text fw={500} mb="xs">
            Persons to put in
          </Text>
          <PersonSearch chosen={persons} onChange={setPersons} />
        </Card>
        {failure !== null && (
          <Alert color="red" title="Not saved">
            {errorText(failure)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={!named.name.trim()}>
            Create cohort
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

export function CsvInput({ value, onChange }: { value: File | null; onChange: (file: File | null) => void }) {
  return (
    <FileInput
      label="CSV file"
      description="One column of distinct ids, or with a column distinct_id, person_id or email. Unknown ones are left out."
      placeholder="Choose a file"
      accept=".csv,text/csv,text/plain"
      leftSection={<IconFileTypeCsv size={16} aria-hidden />}
      clearable
      value={value}
      onChange={onChange}
    />
  )
}
