import { Alert, Button, Group, NumberInput, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeSpikeConfig, type SpikeConfig, spikeConfigQuery } from '@/api/errorSettings'
import { notifyDone } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useSubmit } from '@/session/useSubmit'
import { numberOf } from './limits'

interface Props {
  config: SpikeConfig
  mayChange: boolean
}

const FIELDS = [
  {
    name: 'threshold',
    label: 'At least',
    description: 'Exceptions in five minutes',
    max: 2_147_483_647,
    decimals: false,
  },
  {
    name: 'multiplier',
    label: 'More than',
    description: 'Times what the hour before had',
    max: 1_000_000,
    decimals: true,
  },
  {
    name: 'snooze_duration_minutes',
    label: 'Muted for',
    description: 'Minutes after it was told',
    max: 44_640,
    decimals: false,
  },
] as const

/** When an issue is spiking. */
export function SpikesForm({ config, mayChange }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Record<keyof SpikeConfig, number | ''>>(config)
  const isWhole = FIELDS.every(one => draft[one.name] !== '')
  const form = useSubmit([], async () => {
    const kept = await changeSpikeConfig(projectId, draft as SpikeConfig)
    client.setQueryData(spikeConfigQuery(projectId).queryKey, kept)
    notifyDone('Saved.')
  })
  const isChanged = FIELDS.some(one => draft[one.name] !== config[one.name])
  return (
    <form onSubmit={form.onSubmit}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-start">
          {FIELDS.map(one => (
            <NumberInput
              key={one.name}
              w={220}
              label={one.label}
              description={one.description}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              min={1}
              max={one.max}
              allowDecimal={one.decimals}
              value={draft[one.name]}
              onChange={typed => setDraft({ ...draft, [one.name]: numberOf(typed) })}
              disabled={!mayChange}
            />
          ))}
        </Group>
        {form.error && (
          <Alert color="red" p="xs" role="alert">
            {form.error}
          </Alert>
        )}
        {mayChange && (
          <Button
            type="submit"
            loading={form.busy}
            disabled={!isChanged || !isWhole}
            style={{ alignSelf: 'flex-start' }}
          >
            Save
          </Button>
        )}
      </Stack>
    </form>
  )
}
