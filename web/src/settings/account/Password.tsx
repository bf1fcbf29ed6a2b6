import { Button, Group, PasswordInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeAccount } from '@/api/account'
import { notifyDone } from '@/components/notify'
import { useSession } from '@/session/session'
import { useSubmit } from '@/session/useSubmit'
import { Section } from '../Section'

export function Password() {
  const me = useSession()
  const client = useQueryClient()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const form = useSubmit(['current_password', 'password'], async () => {
    await changeAccount({ password, ...(me.has_password && { current_password: current }) })
    setCurrent('')
    setPassword('')
    await client.invalidateQueries({ queryKey: ['me'] })
    notifyDone('The password is changed. You are signed out everywhere else.')
  })
  return (
    <Section title="Password" description="A new one signs you out everywhere else.">
      <form onSubmit={form.onSubmit}>
        {/* For password managers, which want to know whose it is. */}
        <input type="hidden" name="username" autoComplete="username" value={me.email} readOnly />
        <Group align="flex-start" gap="md">
          {me.has_password && (
            <PasswordInput
              flex={1}
              miw={200}
              size="sm"
              label="Current password"
              autoComplete="current-password"
              value={current}
              onChange={event => setCurrent(event.currentTarget.value)}
              error={form.errorOf('current_password')}
            />
          )}
          <PasswordInput
            flex={1}
            miw={200}
            size="sm"
            label="New password"
            description="At least 10 characters"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="new-password"
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
            error={form.errorOf('password') ?? form.error}
          />
        </Group>
        <Button
          type="submit"
          mt="md"
          loading={form.busy}
          disabled={!password || (me.has_password && !current)}
        >
          Change the password
        </Button>
      </form>
    </Section>
  )
}
