import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { SettingPart } from './part'

interface Props extends SettingPart {
  name: string
  label: string
  /** The setting says the opposite of the label. */
  inverted?: boolean
  children: string
}

/** A setting that is on or off, saved at once. */
export function Toggle({ project, mayChange, saving, name, label, inverted = false, children }: Props) {
  const kept = Boolean(project[name]) !== inverted
  // Shows the new state while it is on its way, and the old one again if it is refused.
  const [wanted, setWanted] = useState<boolean | null>(null)
  const change = async (on: boolean) => {
    setWanted(on)
    await saving.save({ [name]: on !== inverted })
    setWanted(null)
  }
  return (
    <Switch
      label={label}
      description={children}
      checked={wanted ?? kept}
      onChange={event => void change(event.currentTarget.checked)}
      disabled={!mayChange || wanted !== null}
      error={saving.problem(name)}
    />
  )
}
