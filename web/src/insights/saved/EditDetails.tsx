import { Button, Group, Modal, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Insight } from '@/api/insight'
import { useInsightChange } from './useInsightChange'
import { titleOf } from './useInsightDeeds'

/** Name, description and tags. */
export function EditDetails({ insight, onClose }: { insight: Insight; onClose: () => void }) {
  const [name, setName] = useState(titleOf(insight))
  const [description, setDescription] = useState(insight.description)
  const [tags, setTags] = useState(insight.tags)
  const change = useInsightChange(insight)
  return (
    <Modal opened onClose={onClose} title="Edit insight">
      <Stack
        component="form"
        onSubmit={event => {
          event.preventDefault()
          change.mutate({ name: name.trim(), description: description.trim(), tags })
          onClose()
        }}
      >
        <TextInput
          label="Name"
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          maxLength={400}
          required
          data-autofocus
        />
        <Textarea
          label="Description"
          value={description}
          onChange={event => setDescription(event.currentTarget.value)}
          maxLength={400}
          autosize
          minRows={2}
          maxRows={8}
        />
        <TagsInput
          label="Tags"
          value={tags}
          onChange={setTags}
          maxTags={50}
          placeholder={tags.length === 0 ? 'Type a tag and press Enter' : undefined}
          clearable
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={!name.trim()}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
