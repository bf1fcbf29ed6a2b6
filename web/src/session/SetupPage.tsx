import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { finishSetup, type SetupGiven } from '@/api/session'
import { Doorway } from './Doorway'
import { FormError } from './FormError'
import { setupRoute } from './routes'
import { useEnter } from './useEnter'
import { useSubmit } from './useSubmit'

const FIELDS = ['email', 'password', 'first_name', 'organization_name', 'project_name', 'code'] as const
type Field = (typeof FIELDS)[number]

/** The first run: who installed the appliance says who they are. */
export function SetupPage() {
  const { setup } = setupRoute.useLoaderData()
  const { code = '' } = setupRoute.useSearch()
  const [given, setGiven] = useState<Record<Field, string>>({
    email: '',
    password: '',
    first_name: '',
    organization_name: '',
    project_name: '',
    code,
  })
  const enter = useEnter(undefined)
  const form = useSubmit(FIELDS, async () => {
    const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''))
    await finishSetup(filled as unknown as SetupGiven)
    await enter()
  })
  const field = (name: Field) => ({
    name,
    value: given[name],
    error: form.errorOf(name),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setGiven(before => ({ ...before, [name]: value }))
    },
  })
  return (
    <Doorway title="Welcome to Hoglet" description="Make the first account. It owns this appliance.">
      <form onSubmit={form.onSubmit}>
        <Stack>
          <FormError>{form.error}</FormError>
          <TextInput
            label="Your name"
            autoComplete="name"
            required
            withAsterisk={false}
            autoFocus
            {...field('first_name')}
          />
          <TextInput
            label="Email"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...field('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            {...field('password')}
          />
          <TextInput
            label="Organization"
            placeholder="Optional"
            autoComplete="organization"
            {...field('organization_name')}
          />
          <TextInput label="First project" placeholder="Optional" {...field('project_name')} />
          {setup.needs_code && (
            <TextInput
              label="Setup code"
              description="The appliance printed it when it started; hoglet bootstrap shows it again"
              required
              withAsterisk={false}
              {...field('code')}
            />
          )}
          <Button type="submit" size="sm" loading={form.busy} fullWidth>
            Begin
          </Button>
        </Stack>
      </form>
      <Text size="sm" c="var(--hoglet-quiet)">
        Or <Link to="/sign-in">Sign in</Link> with the password that{' '}
        <span className="monospace">hoglet bootstrap</span> shows.
      </Text>
    </Doorway>
  )
}
