import {
  Alert,
  Button,
  Group,
  Modal,
  ScrollArea,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createPersonalKey, type PersonalKey, scopesQuery } from '@/api/personalKey'
import { projectsQuery } from '@/api/project'
import { useSubmit } from '@/session/useSubmit'
import { type Access, type Chosen, PRESETS, scopeName, scopesOf } from './scopes'

interface Props {
  opened: boolean
  onClose: () => void
  onMade: (key: PersonalKey) => void
}

const ACCESS = [
  { value: 'none', label: 'None' },
  { value: 'read', label: 'Read' },
  { value: 'write', label: 'Write' },
]

export function NewKey({ opened, onClose, onMade }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="New personal API key" size="lg">
      <Form onClose={onClose} onMade={onMade} />
    </Modal>
  )
}

function Form({ onClose, onMade }: Omit<Props, 'opened'>) {
  const offered = useQuery(scopesQuery())
  const projects = useQuery(projectsQuery())
  const [label, setLabel] = useState('')
  const [whole, setWhole] = useState('some')
  const [chosen, setChosen] = useState<Chosen>({})
  const [project, setProject] = useState<string | null>(null)
  const scopes = whole === 'all' ? ['*'] : scopesOf(chosen)
  const form = useSubmit(['label', 'scopes', 'scoped_teams'], async () => {
    onMade(
      await createPersonalKey({
        label: label.trim(),
        scopes,
        ...(project !== null && { scoped_teams: [Number(project)] }),
      }),
    )
  })
  return (
    <form onSubmit={form.onSubmit}>
      <Stack>
        <TextInput
          label="Label"
          placeholder="What it is for"
          maxLength={40}
          value={label}
          onChange={event => setLabel(event.currentTarget.value)}
          error={form.errorOf('label')}
          data-autofocus
        />
        <Select
          label="Project"
          placeholder="All that you may see"
          data={(projects.data?.results ?? []).map(one => ({ value: String(one.id), label: one.name }))}
          value={project}
          onChange={setProject}
          clearable
          error={form.errorOf('scoped_teams')}
        />
        <Group justify="space-between">
          <SegmentedControl
            size="xs"
            aria-label="Scopes"
            value={whole}
            onChange={setWhole}
            data={[
              { value: 'some', label: 'Some scopes' },
              { value: 'all', label: 'Everything' },
            ]}
          />
          {whole === 'some' && (
            <Group gap={4}>
              {PRESETS.map(one => (
                <Button key={one.id} variant="subtle" size="compact-xs" onClick={() => setChosen(one.chosen)}>
                  {one.label}
                </Button>
              ))}
            </Group>
          )}
        </Group>
        {whole === 'all' ? (
          <Alert color="orange">Whoever has this key can do all that you can by the API.</Alert>
        ) : (
          <ScrollArea.Autosize mah={300} type="auto" offsetScrollbars>
            <Stack gap={4}>
              {(offered.data ?? []).map(one => (
                <Group key={one.name} justify="space-between" wrap="nowrap">
                  <Text size="sm">{scopeName(one.name)}</Text>
                  <SegmentedControl
                    size="xs"
                    aria-label={`Access to ${scopeName(one.name)}`}
                    data={ACCESS.filter(({ value }) => value === 'none' || one.actions.includes(value))}
                    value={chosen[one.name] ?? 'none'}
                    onChange={access => setChosen({ ...chosen, [one.name]: access as Access })}
                  />
                </Group>
              ))}
            </Stack>
          </ScrollArea.Autosize>
        )}
        {(form.error ?? form.errorOf('scopes')) && (
          <Alert color="red">{form.error ?? form.errorOf('scopes')}</Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={form.busy} disabled={!label.trim() || scopes.length === 0}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
