import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { acceptInvite } from '@/api/session'
import { Doorway } from './Doorway'
import { FormError } from './FormError'
import { signUpRoute } from './routes'
import { useEnter } from './useEnter'
import { useSubmit } from './useSubmit'

const FIELDS = ['email', 'first_name', 'password'] as const

/** An invite: joining with the account one is signed in to, or making one. */
export function SignUpPage() {
  const invite = signUpRoute.useLoaderData()
  const { token } = signUpRoute.useParams()
  const [email, setEmail] = useState(invite.target_email ?? '')
  const [name, setName] = useState(invite.first_name)
  const [password, setPassword] = useState('')
  const enter = useEnter(undefined)
  const isNew = !invite.is_signed_in
  const form = useSubmit(FIELDS, async () => {
    await acceptInvite(token, isNew ? { email, first_name: name, password } : {})
    await enter()
  })
  return (
    <Doorway
      title={`Join ${invite.organization_name}`}
      description={`You were invited to join as ${article(invite.role)} ${invite.role}.`}
    >
      <form onSubmit={form.onSubmit}>
        <Stack>
          <FormError>{form.error}</FormError>
          {isNew ? (
            <>
              <TextInput
                label="Your name"
                autoComplete="name"
                required
                withAsterisk={false}
                value={name}
                error={form.errorOf('first_name')}
                onChange={event => setName(event.currentTarget.value)}
              />
              <TextInput
                label="Email"
                type="email"
                autoComplete="username"
                required
                withAsterisk={false}
                readOnly={invite.target_email !== null}
                value={email}
                error={form.errorOf('email')}
                onChange={event => setEmail(event.currentTarget.value)}
              />
              <PasswordInput
                label="Password"
                autoComplete="new-password"
                required
                withAsterisk={false}
                value={password}
                error={form.errorOf('password')}
                onChange={event => setPassword(event.currentTarget.value)}
              />
            </>
          ) : (
            <Text>You are signed in, and will join with this account.</Text>
          )}
          <Button type="submit" size="sm" loading={form.busy} fullWidth>
            {isNew ? 'Make an account and join' : 'Join'}
          </Button>
        </Stack>
      </form>
    </Doorway>
  )
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a'
}
