import { Button, Group, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { SettingPart } from '../data/part'
import { percentOf, rateOf } from './replay'

/** The share of sessions, and how long one has to be. */
export function HowMuch({ project, mayChange, saving }: SettingPart) {
  const keptShare = percentOf(project.session_recording_sample_rate)
  const keptSeconds = Number(project.session_recording_minimum_duration_milliseconds ?? 0) / 1000
  const [share, setShare] = useState<number | string>(keptShare)
  const [seconds, setSeconds] = useState<number | string>(keptSeconds)
  const changed = Number(share) !== keptShare || Number(seconds) !== keptSeconds
  const save = () =>
    void saving.save({
      session_recording_sample_rate: rateOf(Number(share)),
      session_recording_minimum_duration_milliseconds: Number(seconds) > 0 ? Number(seconds) * 1000 : null,
    })
  return (
    <Group align="flex-end" gap="md">
      <NumberInput
        w={150}
        size="sm"
        label="Share recorded"
        suffix="%"
        min={0}
        max={100}
        decimalScale={0}
        value={share}
        onChange={setShare}
        disabled={!mayChange}
        error={saving.problem('session_recording_sample_rate')}
      />
      <NumberInput
        w={170}
        size="sm"
        label="At least this long"
        suffix=" s"
        min={0}
        max={30}
        decimalScale={0}
        value={seconds}
        onChange={setSeconds}
        disabled={!mayChange}
        error={saving.problem('session_recording_minimum_duration_milliseconds')}
      />
      {changed && (
        <Button onClick={save} loading={saving.busy} mb={3}>
          Save
        </Button>
      )}
    </Group>
  )
}
