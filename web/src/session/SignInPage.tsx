import { Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { signIn } from '@/api/session'
import { Doorway } from './Doorway'
import { FormError } from './FormError'
import { safeNext } from './next'
import { refusalWords } from './refusals'
import { signInRoute } from './routes'
import { SecondFactorForm } from './SecondFactorForm'
import { useEnter } from './useEnter'
import { useSubmit } from './useSubmit'

export function SignInPage() {
  const { next, error } = signInRoute.useSearch()
  const { oidc, setup } = signInRoute.useRouteContext().state
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [wantsCode, setWantsCode] = useState(false)
  const enter = useEnter(next)
  const form = useSubmit([], async () => {
    if ((await signIn(email, password)) === 'second factor') setWantsCode(true)
    else await enter()
  })

  if (wantsCode) return <SecondFactorForm onDone={enter} onBack={() => setWantsCode(false)} />
  return (
    <Doorway title="Sign in">
      <form onSubmit={form.onSubmit}>
        <Stack>
          <FormError>{form.error ?? refusalWords(error)}</FormError>
          <TextInput
            label="Email"
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" loading={form.busy} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
      {oidc.is_enabled && (
        <>
          <Divider label="or" />
          <Button
            component="a"
            variant="default"
            size="sm"
            href={`${oidc.path}?next=${encodeURIComponent(safeNext(next))}`}
          >
            Continue with {oidc.name}
          </Button>
        </>
      )}
      <Text size="sm" c="var(--hoglet-quiet)">
        {setup.is_open ? (
          <>
            This appliance is new: <Link to="/setup">make the first account</Link>.
          </>
        ) : (
          'No account? Ask a member for an invite link.'
        )}
      </Text>
    </Doorway>
  )
}
