import { Button, Group, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeAccount } from '@/api/account'
import { keys } from '@/api/keys'
import { notifyDone } from '@/components/notify'
import { useSession } from '@/session/session'
import { useSubmit } from '@/session/useSubmit'
import { Section } from '../Section'

export function Names() {
  const me = useSession()
  const client = useQueryClient()
  const [first, setFirst] = useState(me.first_name)
  const [last, setLast] = useState(me.last_name)
  const form = useSubmit(['first_name', 'last_name'], async () => {
    client.setQueryData(keys.me(), await changeAccount({ first_name: first.trim(), last_name: last.trim() }))
    notifyDone('Saved.')
  })
  const changed = first.trim() !== me.first_name || last.trim() !== me.last_name
  return (
    <Section title="Your name">
      <form onSubmit={form.onSubmit}>
        <Group align="flex-start" gap="md">
          <TextInput
            flex={1}
            miw={180}
            label="First name"
            autoComplete="given-name"
            value={first}
            onChange={event => setFirst(event.currentTarget.value)}
            error={form.errorOf('first_name') ?? form.error}
          />
          <TextInput
            flex={1}
            miw={180}
            label="Last name"
            autoComplete="family-name"
            value={last}
            onChange={event => setLast(event.currentTarget.value)}
            error={form.errorOf('last_name')}
          />
        </Group>
        <Button type="submit" mt="md" loading={form.busy} disabled={!changed}>
          Save
        </Button>
      </form>
    </Section>
  )
}
