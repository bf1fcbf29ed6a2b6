import {
  Button,
  Card,
  Group,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { DefinitionChange, EventDefinition, PropertyDefinition, PropertyType } from '@/api/definition'
import { notifyDone } from '@/components/notify'
import { FormError } from '@/session/FormError'
import { useMay } from '@/session/roles'
import { PROPERTY_TYPES } from './propertyTypes'
import { type DefinitionState, flagsOf, STATE_MEANINGS, STATE_NAMES, STATES, stateOf } from './state'

interface Props {
  definition: EventDefinition | PropertyDefinition
  onSave: (changed: DefinitionChange) => Promise<unknown>
}

const DESCRIPTION_MAX = 400
const STATE_CHOICES = STATES.map(value => ({ value, label: STATE_NAMES[value] }))

/** What people say of a definition. */
export function DefinitionForm({ definition, onSave }: Props) {
  const may = useMay('member')
  const isProperty = 'property_type' in definition
  const before = {
    description: definition.description ?? '',
    tags: definition.tags,
    state: stateOf(definition),
    type: isProperty ? definition.property_type : null,
  }
  const [given, setGiven] = useState<Partial<typeof before>>({})
  const now = { ...before, ...given }
  const isChanged = JSON.stringify(now) !== JSON.stringify(before)
  const save = useMutation({
    mutationFn: () =>
      onSave({
        description: now.description.trim() || null,
        tags: now.tags,
        ...flagsOf(now.state),
        ...(isProperty && { property_type: now.type }),
      }),
    onSuccess: () => {
      setGiven({})
      notifyDone('The definition was saved.')
    },
  })
  return (
    <Card component="section" aria-label="About">
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack gap="sm">
          <Textarea
            label="Description"
            placeholder="What it means, and when it is sent"
            autosize
            minRows={2}
            maxRows={6}
            maxLength={DESCRIPTION_MAX}
            disabled={!may}
            value={now.description}
            onChange={event => setGiven({ ...given, description: event.currentTarget.value })}
          />
          <TagsInput
            label="Tags"
            placeholder={now.tags.length > 0 ? undefined : 'Add a tag'}
            disabled={!may}
            value={now.tags}
            onChange={tags => setGiven({ ...given, tags })}
          />
          {isProperty && (
            <Select
              label="Type"
              description="How filters and formulas read its values"
              data={[...PROPERTY_TYPES]}
              disabled={!may}
              placeholder="Not known"
              clearable
              value={now.type}
              onChange={value => setGiven({ ...given, type: value as PropertyType })}
            />
          )}
          <Stack gap={4}>
            <Text size="sm" fw={500}>
              State
            </Text>
            <SegmentedControl
              size="xs"
              aria-label="State"
              disabled={!may}
              data={STATE_CHOICES}
              value={now.state}
              onChange={value => setGiven({ ...given, state: value as DefinitionState })}
            />
            <Text size="xs" c="var(--hoglet-quiet)">
              {STATE_MEANINGS[now.state]}
            </Text>
          </Stack>
          <FormError>{save.error?.message}</FormError>
          {may && (
            <Group gap="xs" justify="flex-end">
              {isChanged && (
                <Button variant="default" onClick={() => setGiven({})}>
                  Undo
                </Button>
              )}
              <Button type="submit" disabled={!isChanged} loading={save.isPending}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  )
}
