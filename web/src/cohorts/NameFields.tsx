import { Textarea, TextInput } from '@mantine/core'

export interface Named {
  name: string
  description: string
}

interface Props {
  named: Named
  onChange: (named: Named) => void
  readOnly?: boolean
}

/** What a cohort is called, and what for. */
export function NameFields({ named, onChange, readOnly = false }: Props) {
  return (
    <>
      <TextInput
        label="Name"
        required
        maxLength={400}
        value={named.name}
        readOnly={readOnly}
        onChange={event => onChange({ ...named, name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxRows={6}
        maxLength={1000}
        value={named.description}
        readOnly={readOnly}
        onChange={event => onChange({ ...named, description: event.currentTarget.value })}
      />
    </>
  )
}

export function trimmed({ name, description }: Named): Named {
  return { name: name.trim(), description: description.trim() }
}
