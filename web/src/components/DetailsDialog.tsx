import { Button, Group, Modal, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'

export interface Details {
  name: string
  description: string
  tags: string[]
}

interface Props {
  title: string
  /** Without tags there is no field for them. */
  details: Omit<Details, 'tags'> & { tags?: string[] }
  descriptionMax: number
  tagsKnown?: string[]
  isSaving?: boolean
  onSave: (details: Details) => void
  onClose: () => void
}

/** Name, description and tags of something saved. */
export function DetailsDialog({
  title,
  details,
  descriptionMax,
  tagsKnown,
  isSaving,
  onSave,
  onClose,
}: Props) {
  const [name, setName] = useState(details.name)
  const [description, setDescription] = useState(details.description)
  const [tags, setTags] = useState(details.tags ?? [])
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack
        component="form"
        onSubmit={event => {
          event.preventDefault()
          onSave({ name: name.trim(), description: description.trim(), tags })
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
          maxLength={descriptionMax}
          autosize
          minRows={2}
          maxRows={8}
        />
        {details.tags && (
          <TagsInput
            label="Tags"
            value={tags}
            onChange={setTags}
            data={tagsKnown}
            maxTags={50}
            placeholder={tags.length === 0 ? 'Type a tag and press Enter' : undefined}
            clearable
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isSaving} disabled={!name.trim()}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
