import { Button, Group, Modal, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type DashboardBasic, dashboardsQuery } from '@/api/dashboard'
import { useProjectId } from '@/components/useProject'
import { useDashboardChange } from './useDashboardChange'

/** Name, description and tags. */
export function EditDetails({ dashboard, onClose }: { dashboard: DashboardBasic; onClose: () => void }) {
  const projectId = useProjectId()
  const [name, setName] = useState(dashboard.name ?? '')
  const [description, setDescription] = useState(dashboard.description)
  const [tags, setTags] = useState(dashboard.tags)
  const change = useDashboardChange(dashboard.id)
  const { data } = useQuery(dashboardsQuery(projectId))
  const known = [...new Set(data?.results.flatMap(one => one.tags) ?? [])].sort()
  return (
    <Modal opened onClose={onClose} title="Edit dashboard">
      <form
        onSubmit={event => {
          event.preventDefault()
          change.mutate({ name: name.trim(), description: description.trim(), tags })
          onClose()
        }}
      >
        <Stack>
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
            maxLength={10_000}
            autosize
            minRows={2}
            maxRows={8}
          />
          <TagsInput
            label="Tags"
            value={tags}
            onChange={setTags}
            data={known}
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
      </form>
    </Modal>
  )
}
