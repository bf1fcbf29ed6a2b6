import { Button, Group, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeAccount } from '@/api/account'
import { keys } from '@/api/keys'
import { notifyDone } from '@/components/notify'
import { useSession } from '@/session/session'
import { useSubmit } from '@/session/useSubmit'
import { Section } from '../Section'

/** The address to sign in with. It takes the password once more, or a code of who has none. */
export function EmailAddress() {
  const me = useSession()
  const client = useQueryClient()
  const [email, setEmail] = useState(me.email)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const asksForCode = !me.has_password && me.is_2fa_enabled
  const changed = email.trim().toLowerCase() !== me.email
  const form = useSubmit(['email', 'current_password', 'token'], async () => {
    const shown = me.has_password ? { current_password: password } : asksForCode ? { token: code.trim() } : {}
    const after = await changeAccount({ email: email.trim(), ...shown })
    client.setQueryData(keys.me(), after)
    setEmail(after.email)
    setPassword('')
    setCode('')
    await client.invalidateQueries({ queryKey: keys.me() })
    notifyDone('The address is changed. You are signed out everywhere else.')
  })
  const isProven = (!me.has_password || password !== '') && (!asksForCode || code.trim() !== '')
  return (
    <Section
      title="Email address"
      description="You sign in with it. Another one counts at once, and signs you out everywhere else."
    >
      <form onSubmit={form.onSubmit}>
        <Group align="flex-start" gap="md">
          <TextInput
            flex={1}
            miw={200}
            label="Address"
            type="email"
            autoComplete="email"
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
            error={form.errorOf('email') ?? form.error}
          />
          {changed && me.has_password && (
            <PasswordInput
              flex={1}
              miw={200}
              size="sm"
              label="Your password"
              autoComplete="current-password"
              value={password}
              onChange={event => setPassword(event.currentTarget.value)}
              error={form.errorOf('current_password')}
            />
          )}
          {changed && asksForCode && (
            <TextInput
              flex={1}
              miw={200}
              label="Code from the app"
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={event => setCode(event.currentTarget.value)}
              error={form.errorOf('token')}
            />
          )}
        </Group>
        <Button type="submit" mt="md" loading={form.busy} disabled={!changed || !email.trim() || !isProven}>
          Change the address
        </Button>
      </form>
    </Section>
  )
}
