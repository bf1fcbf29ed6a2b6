import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { signInWithCode } from '@/api/session'
import { Doorway } from './Doorway'
import { FormError } from './FormError'
import { useSubmit } from './useSubmit'

interface Props {
  onDone: () => Promise<void>
  onBack: () => void
}

export function SecondFactorForm({ onDone, onBack }: Props) {
  const [code, setCode] = useState('')
  const form = useSubmit(['token'], async () => {
    await signInWithCode(code.replace(/\s/g, ''))
    await onDone()
  })
  return (
    <Doorway
      title="Second factor"
      description="Enter the code that your authenticator app shows, or a recovery code."
    >
      <form onSubmit={form.onSubmit}>
        <Stack>
          <FormError>{form.error}</FormError>
          <TextInput
            label="Code"
            autoComplete="one-time-code"
            autoFocus
            required
            withAsterisk={false}
            maxLength={100}
            value={code}
            error={form.errorOf('token')}
            onChange={event => setCode(event.currentTarget.value)}
          />
          <Group grow>
            <Button variant="default" size="sm" onClick={onBack}>
              Back
            </Button>
            <Button type="submit" size="sm" loading={form.busy}>
              Go on
            </Button>
          </Group>
        </Stack>
      </form>
    </Doorway>
  )
}
