import { Card, Group, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tagsQuery } from '@/api/tag'
import { useProjectId } from '@/components/useProject'
import { keyFrom, keyProblem } from '../checks'
import { useProblem } from './failure'
import type { Part } from './part'

interface Props extends Part {
  /** Of the flag as it is kept: another key is another flag to everybody's code. */
  keptKey?: string
}

export function IdentityCard({ draft, change, keptKey }: Props) {
  const projectId = useProjectId()
  const tags = useQuery(tagsQuery(projectId))
  const problem = useProblem()
  const [touched, setTouched] = useState(false)
  const typedProblem = touched || draft.key ? keyProblem(draft.key) : null
  const suggestion = keyFrom(draft.key)
  const renamed = keptKey !== undefined && draft.key.trim() !== keptKey
  return (
    <Card>
      <Stack gap="md">
        <TextInput
          label="Key"
          description={
            renamed
              ? 'Code that asks for the old key gets nothing, and who gets what is drawn anew.'
              : 'What code asks for'
          }
          placeholder="new-checkout"
          classNames={{ input: 'monospace' }}
          required
          value={draft.key}
          onChange={event => change({ key: event.currentTarget.value })}
          onBlur={() => {
            setTouched(true)
            if (suggestion && keyProblem(draft.key)) change({ key: suggestion })
          }}
          error={typedProblem ?? problem('key')}
          spellCheck={false}
          autoComplete="off"
          data-autofocus={keptKey === undefined || undefined}
        />
        <Textarea
          label="Description"
          placeholder="What it turns on, and why"
          autosize
          minRows={2}
          maxRows={6}
          value={draft.description}
          onChange={event => change({ description: event.currentTarget.value })}
          error={problem('name')}
        />
        <Group align="flex-start" gap="lg">
          <TagsInput
            flex={1}
            miw={220}
            size="sm"
            label="Tags"
            placeholder={draft.tags.length > 0 ? '' : 'Add a tag'}
            data={tags.data ?? []}
            value={draft.tags}
            onChange={changed => change({ tags: changed })}
            acceptValueOnBlur
            error={problem('tags')}
          />
          <Switch
            mt={28}
            label="On"
            description={draft.active ? 'SDKs get it' : 'Nobody gets it'}
            checked={draft.active}
            onChange={event => change({ active: event.currentTarget.checked })}
            error={problem('active') ?? problem('archived')}
          />
        </Group>
      </Stack>
    </Card>
  )
}
