import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSubmit } from '@/session/useSubmit'

interface Props {
  label: string
  danger?: boolean
  onCode: (code: string) => Promise<void>
  onCancel: () => void
}

/** Asks for a code of the second factor. */
export function AskCode({ label, danger, onCode, onCancel }: Props) {
  const [code, setCode] = useState('')
  const form = useSubmit(['token'], () => onCode(code.trim()))
  return (
    <form onSubmit={form.onSubmit}>
      <Group align="flex-start" gap="xs">
        <TextInput
          w={200}
          label="Code from the app"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={event => setCode(event.currentTarget.value)}
          error={form.errorOf('token') ?? form.error}
          autoFocus
        />
        <Button
          type="submit"
          mt={25}
          color={danger ? 'red' : undefined}
          loading={form.busy}
          disabled={!code.trim()}
        >
          {label}
        </Button>
        <Button variant="default" mt={25} onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </form>
  )
}
