import { Alert, Button, Group, NumberInput, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeRateLimits, type RateLimits, rateLimitsQuery } from '@/api/errorSettings'
import { notifyDone } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useSubmit } from '@/session/useSubmit'
import { keptOf, type Limit, limitsOf, numberOf } from './limits'

interface Props {
  limits: RateLimits
  mayChange: boolean
}

const VALUE_MAX = 2_147_483_647
const MINUTES_MAX = 44_640

/** How many exceptions are kept, of the project and of each issue. */
export function LimitsForm({ limits, mayChange }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => limitsOf(limits))
  const form = useSubmit([], async () => {
    const kept = await changeRateLimits(projectId, keptOf(draft))
    client.setQueryData(rateLimitsQuery(projectId).queryKey, kept)
    notifyDone('Saved.')
  })
  const isChanged = JSON.stringify(keptOf(draft)) !== JSON.stringify(keptOf(limitsOf(limits)))
  return (
    <form onSubmit={form.onSubmit}>
      <Stack gap="sm">
        <Row
          name="The whole project"
          value={draft.project}
          onChange={project => setDraft({ ...draft, project })}
          disabled={!mayChange}
        />
        <Row
          name="Each issue"
          value={draft.issue}
          onChange={issue => setDraft({ ...draft, issue })}
          disabled={!mayChange}
        />
        {form.error && (
          <Alert color="red" p="xs" role="alert">
            {form.error}
          </Alert>
        )}
        {mayChange && (
          <Button type="submit" loading={form.busy} disabled={!isChanged} style={{ alignSelf: 'flex-start' }}>
            Save the limits
          </Button>
        )}
      </Stack>
    </form>
  )
}

interface RowProps {
  name: string
  value: Limit
  onChange: (limit: Limit) => void
  disabled: boolean
}

function Row({ name, value, onChange, disabled }: RowProps) {
  return (
    <Group gap="xs" align="end">
      <NumberInput
        w={170}
        label={name}
        aria-label={`${name}: exceptions`}
        placeholder="No limit"
        min={1}
        max={VALUE_MAX}
        allowDecimal={false}
        thousandSeparator=","
        value={value.value}
        onChange={typed => onChange({ ...value, value: numberOf(typed) })}
        disabled={disabled}
      />
      <Text size="sm" pb={8}>
        exceptions in
      </Text>
      <NumberInput
        w={100}
        aria-label={`${name}: minutes`}
        min={1}
        max={MINUTES_MAX}
        allowDecimal={false}
        value={value.minutes}
        onChange={typed => onChange({ ...value, minutes: numberOf(typed) })}
        disabled={disabled || value.value === ''}
      />
      <Text size="sm" pb={8}>
        minutes
      </Text>
    </Group>
  )
}
