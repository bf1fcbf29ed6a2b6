import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { Cohort, CohortChange } from '@/api/cohort'
import { errorText } from '@/api/errors'
import { CohortCriteria } from './CohortCriteria'
import { type Criteria, criteriaOf, filtersOf, isWhole } from './criteria'
import { NameFields, trimmed } from './NameFields'

interface Props {
  initial?: Pick<Cohort, 'name' | 'description' | 'filters'>
  saveLabel: string
  readOnly?: boolean
  onSave: (change: CohortChange) => Promise<unknown>
}

/** A dynamic cohort: its name, and who belongs to it. */
export function CohortForm({ initial, saveLabel, readOnly = false, onSave }: Props) {
  const [named, setNamed] = useState({ name: initial?.name ?? '', description: initial?.description ?? '' })
  const [criteria, setCriteria] = useState<Criteria>(() => criteriaOf(initial?.filters))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const whole = isWhole(criteria)
  const save = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await onSave({ ...trimmed(named), filters: filtersOf(criteria) })
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
        if (named.name.trim() && whole && !busy) void save()
      }}
    >
      <Stack gap="md" maw={960}>
        <Card>
          <Stack gap="sm">
            <NameFields named={named} onChange={setNamed} readOnly={readOnly} />
          </Stack>
        </Card>
        <Title order={2}>Who belongs to it</Title>
        <CohortCriteria value={criteria} onChange={setCriteria} disabled={readOnly} />
        {failure !== null && (
          <Alert color="red" title="Not saved">
            {errorText(failure)}
          </Alert>
        )}
        {!readOnly && (
          <Group justify="flex-end" gap="sm">
            {!whole && (
              <Text size="sm" c="var(--hoglet-quiet)">
                Fill in every criterion first
              </Text>
            )}
            <Button type="submit" loading={busy} disabled={!named.name.trim() || !whole}>
              {saveLabel}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}
