import { Anchor, Button, Group, Skeleton, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { keys } from '@/api/keys'
import { leaveOrganization } from '@/api/member'
import { createProject, deleteOrganization, organizationQuery, renameOrganization } from '@/api/organization'
import { projectsQuery } from '@/api/project'
import type { Organization } from '@/api/user'
import { ConfirmButton } from '@/components/ConfirmButton'
import { ErrorState } from '@/components/ErrorState'
import { notifyDone } from '@/components/notify'
import { useProject } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { useSubmit } from '@/session/useSubmit'
import { Section } from '../Section'
import { DeletedProjects } from './DeletedProjects'

export function OrganizationSettings() {
  const organizationId = useProject().organization
  const found = useQuery(organizationQuery(organizationId))
  if (found.error) return <ErrorState error={found.error} onRetry={() => found.refetch()} />
  if (!found.data) return <Skeleton h={160} radius="lg" />
  return <Shown organization={found.data} />
}

function Shown({ organization }: { organization: Organization }) {
  const client = useQueryClient()
  const isAdmin = useMay('admin')
  const isOwner = useMay('owner')
  const [name, setName] = useState(organization.name)
  const form = useSubmit(['name'], async () => {
    const changed = await renameOrganization(organization.id, name.trim())
    client.setQueryData(organizationQuery(organization.id).queryKey, changed)
    await client.invalidateQueries({ queryKey: keys.me() })
    notifyDone('Saved.')
  })
  const away = () => {
    client.clear()
    window.location.assign('/')
  }
  return (
    <>
      <Section title="Organisation">
        <form onSubmit={form.onSubmit}>
          <Group align="flex-start" gap="xs">
            <TextInput
              w={320}
              maw="100%"
              label="Name"
              value={name}
              onChange={event => setName(event.currentTarget.value)}
              disabled={!isAdmin}
              error={form.errorOf('name') ?? form.error}
            />
            {isAdmin && (
              <Button
                type="submit"
                mt={25}
                loading={form.busy}
                disabled={!name.trim() || name.trim() === organization.name}
              >
                Save
              </Button>
            )}
          </Group>
        </form>
      </Section>
      <Projects organizationId={organization.id} />
      {isAdmin && <DeletedProjects organizationId={organization.id} />}
      <Section
        title={isOwner ? 'Leave or delete' : 'Leave'}
        description="What you made stays. You come back by an invite only."
      >
        <Group gap="xs">
          <ConfirmButton
            label="Leave the organisation"
            title={`Leave ${organization.name}?`}
            confirmLabel="Leave"
            onConfirm={async () => {
              await leaveOrganization(organization.id)
              away()
            }}
          >
            You see nothing of its projects any more.
          </ConfirmButton>
          {isOwner && (
            <ConfirmButton
              label="Delete the organisation"
              title={`Delete ${organization.name}?`}
              confirmLabel="Delete everything"
              typed={organization.name}
              onConfirm={async () => {
                await deleteOrganization(organization.id)
                away()
              }}
            >
              All its projects go, and all that was made in them. This cannot be undone.
            </ConfirmButton>
          )}
        </Group>
      </Section>
    </>
  )
}

function Projects({ organizationId }: { organizationId: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const isAdmin = useMay('admin')
  const found = useQuery(projectsQuery())
  const [name, setName] = useState('')
  const form = useSubmit(['name'], async () => {
    const made = await createProject(organizationId, name.trim())
    await client.invalidateQueries({ queryKey: keys.projects() })
    await client.invalidateQueries({ queryKey: keys.me() })
    await navigate({ to: '/project/$projectId', params: { projectId: String(made.id) } })
  })
  const projects = (found.data?.results ?? []).filter(one => one.organization === organizationId)
  return (
    <Section title="Projects" description="Each has its own token, data and settings.">
      {found.isPending && <Skeleton h={40} />}
      {projects.map(one => (
        <Group key={one.id} justify="space-between">
          <Anchor component={Link} to={`/project/${one.id}/settings` as never} size="sm">
            {one.name}
          </Anchor>
          <Text size="sm" c="var(--hoglet-quiet)">
            Number {one.id} · {one.timezone}
          </Text>
        </Group>
      ))}
      {isAdmin && (
        <form onSubmit={form.onSubmit}>
          <Group align="flex-start" gap="xs">
            <TextInput
              w={260}
              aria-label="Name of the new project"
              placeholder="Name"
              value={name}
              onChange={event => setName(event.currentTarget.value)}
              error={form.errorOf('name') ?? form.error}
            />
            <Button type="submit" variant="default" mt={3} loading={form.busy} disabled={!name.trim()}>
              New project
            </Button>
          </Group>
        </form>
      )}
    </Section>
  )
}
