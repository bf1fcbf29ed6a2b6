import { CloseButton, TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'

interface Props extends Pick<TextInputProps, 'size' | 'w' | 'flex' | 'placeholder'> {
  label: string
  value: string | undefined
  /** Told when typing pauses; `undefined` for nothing. */
  onChange: (value: string | undefined) => void
}

const PAUSE_MS = 250

/** A field that searches as one types. */
export function SearchInput({
  label,
  value = '',
  onChange,
  size = 'xs',
  placeholder = label,
  ...box
}: Props) {
  const [typed, setTyped] = useState(value)
  const told = useRef(value)
  const tell = useDebouncedCallback((text: string) => {
    told.current = text
    onChange(text || undefined)
  }, PAUSE_MS)
  useEffect(() => {
    // The address changed by itself: going back, say.
    if (value === told.current) return
    told.current = value
    setTyped(value)
  }, [value])
  const change = (text: string) => {
    setTyped(text)
    tell(text.trim())
  }
  return (
    <TextInput
      {...box}
      size={size}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        typed && <CloseButton size="xs" aria-label="Clear the search" onClick={() => change('')} />
      }
      value={typed}
      onChange={event => change(event.currentTarget.value)}
    />
  )
}
