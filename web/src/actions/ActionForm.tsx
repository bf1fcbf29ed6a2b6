import { Alert, Button, Card, Group, Stack, TagsInput, Text, Textarea, TextInput, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Action, ActionChange, ActionStep } from '@/api/action'
import { errorText } from '@/api/errors'
import { tagsQuery } from '@/api/tag'
import { useProjectId } from '@/components/useProject'
import { MatchingEvents } from './MatchingEvents'
import { StepEditor } from './StepEditor'
import { cleanedStep, newStep, saysSomething } from './steps'

interface Props {
  initial: Pick<Action, 'name' | 'description' | 'tags' | 'steps'>
  saveLabel: string
  readOnly?: boolean
  onSave: (change: ActionChange) => Promise<unknown>
}

/** An action's name and steps, with the events that they match. */
export function ActionForm({ initial, saveLabel, readOnly = false, onSave }: Props) {
  const tags = useQuery(tagsQuery(useProjectId()))
  const [draft, setDraft] = useState(() => ({
    ...initial,
    steps: initial.steps.length > 0 ? initial.steps : [newStep()],
  }))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const change = (changed: Partial<typeof draft>) => setDraft({ ...draft, ...changed })
  const setStep = (index: number, step: ActionStep) =>
    change({ steps: draft.steps.map((one, at) => (at === index ? step : one)) })
  const isWhole = draft.name.trim() !== '' && draft.steps.every(saysSomething)
  const save = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await onSave({
        name: draft.name.trim(),
        description: draft.description.trim(),
        tags: draft.tags,
        steps: draft.steps.map(cleanedStep),
      })
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap="lg">
      <form
        onSubmit={event => {
          event.preventDefault()
          if (isWhole && !busy) void save()
        }}
      >
        <Stack gap="md" maw={860}>
          <Card>
            <Stack gap="sm">
              <TextInput
                label="Name"
                required
                maxLength={400}
                readOnly={readOnly}
                value={draft.name}
                onChange={event => change({ name: event.currentTarget.value })}
              />
              <Textarea
                label="Description"
                autosize
                minRows={1}
                maxRows={6}
                readOnly={readOnly}
                value={draft.description}
                onChange={event => change({ description: event.currentTarget.value })}
              />
              <TagsInput
                label="Tags"
                size="sm"
                data={tags.data ?? []}
                readOnly={readOnly}
                value={draft.tags}
                onChange={chosen => change({ tags: chosen })}
              />
            </Stack>
          </Card>
          <Title order={2}>Matches any of these</Title>
          {draft.steps.map((step, index) => (
            <StepEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
              key={index}
              name={`Step ${index + 1}`}
              value={step}
              onChange={changed => setStep(index, changed)}
              onRemove={
                draft.steps.length > 1
                  ? () => change({ steps: draft.steps.filter((_, at) => at !== index) })
                  : undefined
              }
            />
          ))}
          {!readOnly && (
            <Group justify="space-between">
              <Button
                variant="default"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() => change({ steps: [...draft.steps, newStep()] })}
              >
                Add step
              </Button>
              <Group gap="sm">
                {!draft.steps.every(saysSomething) && (
                  <Text size="sm" c="var(--hoglet-quiet)">
                    Choose an event, or say where it happens
                  </Text>
                )}
                <Button type="submit" loading={busy} disabled={!isWhole}>
                  {saveLabel}
                </Button>
              </Group>
            </Group>
          )}
          {failure !== null && (
            <Alert color="red" title="Not saved">
              {errorText(failure)}
            </Alert>
          )}
        </Stack>
      </form>
      <MatchingEvents steps={draft.steps} />
    </Stack>
  )
}
