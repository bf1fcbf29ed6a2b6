import { Button, Group, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SettingPart } from '../data/part'
import { Section } from '../Section'
import { type Masking, maskingOf, withMasking } from './replay'

const NAME = 'session_recording_masking_config'

/** What leaves the browser only as stars, or not at all. */
export function MaskingSetting({ project, mayChange, saving }: SettingPart) {
  const kept = maskingOf(project[NAME])
  const [masking, setMasking] = useState(kept)
  const set = (changed: Partial<Masking>) => setMasking({ ...masking, ...changed })
  const changed = JSON.stringify(masking) !== JSON.stringify(kept)
  return (
    <Section title="Privacy" description="Masked in the browser, before anything is sent.">
      <Switch
        label="Mask what people type"
        description="In every field of every form. Passwords are always masked"
        checked={masking.inputs}
        onChange={event => set({ inputs: event.currentTarget.checked })}
        disabled={!mayChange}
      />
      <TextInput
        size="sm"
        label="Mask the text of"
        description="Elements by a CSS selector; * is all text. Empty: none"
        placeholder=".private, [data-private]"
        classNames={{ input: 'monospace' }}
        value={masking.text}
        onChange={event => set({ text: event.currentTarget.value })}
        disabled={!mayChange}
      />
      <TextInput
        size="sm"
        label="Leave out"
        description="Elements by a CSS selector; an empty box is shown instead"
        placeholder=".ph-no-capture"
        classNames={{ input: 'monospace' }}
        value={masking.block}
        onChange={event => set({ block: event.currentTarget.value })}
        disabled={!mayChange}
        error={saving.problem(NAME)}
      />
      {changed && (
        <Group gap="xs">
          <Button
            onClick={() => void saving.save({ [NAME]: withMasking(project[NAME], masking) })}
            loading={saving.busy}
          >
            Save
          </Button>
          <Button variant="default" onClick={() => setMasking(kept)}>
            Undo
          </Button>
        </Group>
      )}
    </Section>
  )
}
