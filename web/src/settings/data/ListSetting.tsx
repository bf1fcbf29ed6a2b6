import { Button, Group, TagsInput } from '@mantine/core'
import { useState } from 'react'
import type { SettingPart } from './part'

interface Props extends SettingPart {
  name: string
  label: string
  description: string
  placeholder: string
  /** Nothing is kept as null, where an empty list would mean something else. */
  emptyIsNull?: boolean
}

/** A setting that is a list of words. */
export function ListSetting(props: Props) {
  const { project, mayChange, saving, name, label, description, placeholder, emptyIsNull } = props
  const kept = Array.isArray(project[name]) ? (project[name] as string[]) : []
  const [words, setWords] = useState(kept)
  const changed = words.join('\n') !== kept.join('\n')
  const save = () => void saving.save({ [name]: words.length === 0 && emptyIsNull ? null : words })
  return (
    <div>
      <TagsInput
        size="sm"
        label={label}
        description={description}
        placeholder={words.length > 0 ? '' : placeholder}
        value={words}
        onChange={setWords}
        disabled={!mayChange}
        acceptValueOnBlur
        error={saving.problem(name)}
      />
      {changed && (
        <Group gap="xs" mt="xs">
          <Button onClick={save} loading={saving.busy}>
            Save
          </Button>
          <Button variant="default" onClick={() => setWords(kept)}>
            Undo
          </Button>
        </Group>
      )}
    </div>
  )
}
