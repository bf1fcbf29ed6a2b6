import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { createProject } from '@/api/organization'
import { Doorway } from './Doorway'
import { FormError } from './FormError'
import { useMay } from './roles'
import { useSession } from './session'
import { useEnter } from './useEnter'
import { useSignOut } from './useSignOut'
import { useSubmit } from './useSubmit'

/** The last project was deleted, or nobody let them into one: what to do next. */
export function NoProjectPage() {
  const { organization } = useSession()
  const isAdmin = useMay('admin')
  const signOut = useSignOut()
  const leave = (
    <Button variant="default" onClick={signOut} fullWidth>
      Sign out
    </Button>
  )
  if (!organization) {
    return (
      <Doorway title="You are in no organisation" description="Ask a member of one for an invite.">
        {leave}
      </Doorway>
    )
  }
  if (!isAdmin) {
    return (
      <Doorway
        title="There is no project"
        description={`${organization.name} has none at the moment. Its admins can make one.`}
      >
        {leave}
      </Doorway>
    )
  }
  return (
    <Doorway title="Make a project" description={`${organization.name} has none at the moment.`}>
      <NewProject organizationId={organization.id} />
      {leave}
    </Doorway>
  )
}

function NewProject({ organizationId }: { organizationId: string }) {
  const [name, setName] = useState('')
  const enter = useEnter(undefined)
  const form = useSubmit(['name'], async () => {
    await createProject(organizationId, name.trim())
    await enter()
  })
  return (
    <form onSubmit={form.onSubmit}>
      <Stack>
        <FormError>{form.error}</FormError>
        <TextInput
          label="Name"
          placeholder="My product"
          autoFocus
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          error={form.errorOf('name')}
        />
        <Button type="submit" size="sm" loading={form.busy} disabled={!name.trim()} fullWidth>
          Make the project
        </Button>
      </Stack>
    </form>
  )
}
