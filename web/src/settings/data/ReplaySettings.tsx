import { Button, Group, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { Section } from '../Section'
import type { SettingPart } from './part'
import { Toggle } from './Toggle'

/** Whether and which sessions are recorded. */
export function ReplaySettings(part: SettingPart) {
  const { project, mayChange, saving } = part
  const keptShare = percentOf(project.session_recording_sample_rate)
  const keptSeconds = Number(project.session_recording_minimum_duration_milliseconds ?? 0) / 1000
  const [share, setShare] = useState<number | string>(keptShare)
  const [seconds, setSeconds] = useState<number | string>(keptSeconds)
  const changed = Number(share) !== keptShare || Number(seconds) !== keptSeconds
  const save = () =>
    void saving.save({
      session_recording_sample_rate: Number(share) >= 100 ? null : (Number(share) / 100).toFixed(2),
      session_recording_minimum_duration_milliseconds: Number(seconds) > 0 ? Number(seconds) * 1000 : null,
    })
  return (
    <Section title="Session replay">
      <Toggle {...part} name="session_recording_opt_in" label="Record sessions">
        SDKs send what people see and do
      </Toggle>
      <Toggle {...part} name="capture_console_log_opt_in" label="Console">
        With what the page writes to its console
      </Toggle>
      <Toggle {...part} name="capture_performance_opt_in" label="Network timing">
        With how long requests take
      </Toggle>
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
    </Section>
  )
}

function percentOf(rate: unknown): number {
  return rate === null || rate === undefined ? 100 : Math.round(Number(rate) * 100)
}
