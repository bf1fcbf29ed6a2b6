import { Button, PasswordInput, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { choosePassword } from '@/api/session'
import { notifyDone } from '@/components/notify'
import { Doorway } from './Doorway'
import { FormError } from './FormError'
import { passwordResetRoute } from './routes'
import { useSubmit } from './useSubmit'

export function PasswordResetPage() {
  const { email } = passwordResetRoute.useLoaderData()
  const { userId, token } = passwordResetRoute.useParams()
  const [password, setPassword] = useState('')
  const navigate = useNavigate()
  const form = useSubmit(['password'], async () => {
    await choosePassword(userId, token, password)
    notifyDone('The password is changed. Sign in with it.')
    await navigate({ to: '/sign-in', search: {} })
  })
  return (
    <Doorway
      title="Choose a new password"
      description={`For ${email}. It ends every session of this account.`}
    >
      <form onSubmit={form.onSubmit}>
        <Stack>
          <FormError>{form.error}</FormError>
          <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            autoFocus
            value={password}
            error={form.errorOf('password')}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" loading={form.busy} fullWidth>
            Change the password
          </Button>
        </Stack>
      </form>
    </Doorway>
  )
}
