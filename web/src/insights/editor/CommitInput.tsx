import { TextInput, type TextInputProps } from '@mantine/core'
import { useEffect, useState } from 'react'

interface Props extends Omit<TextInputProps, 'value' | 'onChange'> {
  value: string
  /** When the field is left, or with Enter: not a question for every letter. */
  onCommit: (value: string) => void
}

export function CommitInput({ value, onCommit, ...others }: Props) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const commit = () => {
    if (typed !== value) onCommit(typed)
  }
  return (
    <TextInput
      {...others}
      value={typed}
      onChange={event => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={event => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') setTyped(value)
      }}
    />
  )
}
