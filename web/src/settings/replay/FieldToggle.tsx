import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { SettingPart } from '../data/part'
import { objectOf } from './replay'

interface Props extends SettingPart {
  name: string
  /** Of the object that the setting is. */
  field: string
  label: string
  children: string
}

/** A part of a setting that is on or off, saved at once. */
export function FieldToggle({ project, mayChange, saving, name, field, label, children }: Props) {
  const kept = objectOf(project[name])
  const [wanted, setWanted] = useState<boolean | null>(null)
  const change = async (on: boolean) => {
    setWanted(on)
    await saving.save({ [name]: { ...kept, [field]: on } })
    setWanted(null)
  }
  return (
    <Switch
      label={label}
      description={children}
      checked={wanted ?? kept[field] === true}
      onChange={event => void change(event.currentTarget.checked)}
      disabled={!mayChange || wanted !== null || saving.busy}
      error={saving.problem(name)}
    />
  )
}
