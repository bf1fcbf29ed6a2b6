import { Button, Code, Group, Select, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projectQuery } from '@/api/project'
import { resetToken } from '@/api/projectSettings'
import { ConfirmButton } from '@/components/ConfirmButton'
import { CopyButton } from '@/components/CopyButton'
import { notifyDone } from '@/components/notify'
import { useProject, useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { Section } from '../Section'
import { useSaveProject } from '../useSaveProject'
import { DeleteProject } from './DeleteProject'
import { SecretKeys } from './SecretKeys'
import { zones } from './zones'

export function ProjectSettings() {
  const isAdmin = useMay('admin')
  return (
    <>
      <General mayChange={isAdmin} />
      <Token mayChange={isAdmin} />
      {isAdmin && <SecretKeys />}
      {isAdmin && <DeleteProject />}
    </>
  )
}

function General({ mayChange }: { mayChange: boolean }) {
  const project = useProject()
  const { busy, problem, save } = useSaveProject()
  const [name, setName] = useState(project.name)
  const [timezone, setTimezone] = useState(project.timezone)
  const [week, setWeek] = useState(String(project.week_start_day ?? 0))
  const changed =
    name.trim() !== project.name ||
    timezone !== project.timezone ||
    week !== String(project.week_start_day ?? 0)
  return (
    <Section title="Project" description={`Number ${project.id}`}>
      <form
        onSubmit={event => {
          event.preventDefault()
          void save({ name: name.trim(), timezone, week_start_day: week === '1' ? 1 : 0 })
        }}
      >
        <Group align="flex-start" gap="md">
          <TextInput
            flex={1}
            miw={220}
            label="Name"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            disabled={!mayChange}
            error={problem('name')}
          />
          <Select
            w={220}
            label="Time zone"
            description="Days begin and end in it"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            data={zones(project.timezone)}
            value={timezone}
            onChange={chosen => setTimezone(chosen ?? timezone)}
            searchable
            allowDeselect={false}
            disabled={!mayChange}
            error={problem('timezone')}
          />
          <Select
            w={140}
            label="Week begins on"
            data={[
              { value: '0', label: 'Sunday' },
              { value: '1', label: 'Monday' },
            ]}
            value={week}
            onChange={chosen => setWeek(chosen ?? week)}
            allowDeselect={false}
            disabled={!mayChange}
          />
        </Group>
        {mayChange && (
          <Button type="submit" mt="md" loading={busy} disabled={!changed || !name.trim()}>
            Save
          </Button>
        )}
      </form>
      {!mayChange && (
        <Text size="sm" c="var(--hoglet-quiet)">
          Admins of the organisation change these.
        </Text>
      )}
    </Section>
  )
}

function Token({ mayChange }: { mayChange: boolean }) {
  const project = useProject()
  const projectId = useProjectId()
  const client = useQueryClient()
  const rotate = async () => {
    client.setQueryData(projectQuery(projectId).queryKey, await resetToken(projectId))
    await client.invalidateQueries({ queryKey: ['me'] })
    notifyDone('The project has another token.')
  }
  return (
    <Section
      title="Project token"
      description="For SDKs that send events and ask for flags. It may be public."
      action={
        mayChange && (
          <ConfirmButton
            label="Rotate"
            title="Rotate the project token?"
            confirmLabel="Rotate the token"
            typed={project.name}
            onConfirm={rotate}
          >
            Every SDK with the old token is refused within a second, until it gets the new one. What they send
            meanwhile is lost.
          </ConfirmButton>
        )
      }
    >
      <Labelled label="Token" value={project.api_token} what="Copy the token" />
      <Labelled label="Address" value={window.location.origin} what="Copy the address" />
    </Section>
  )
}

function Labelled({ label, value, what }: { label: string; value: string; what: string }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" w={70} c="var(--hoglet-quiet)" flex="none">
        {label}
      </Text>
      <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
      <CopyButton value={value} what={what} />
    </Group>
  )
}
