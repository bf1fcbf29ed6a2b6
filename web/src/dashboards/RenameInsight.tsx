import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { TileInsight } from '@/api/dashboard'
import { changeInsight } from '@/api/insight'
import { keys } from '@/api/keys'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { tileName } from './tileAnswer'

/** Another name for an insight, everywhere it is. */
export function RenameInsight({ insight, onClose }: { insight: TileInsight; onClose: () => void }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [name, setName] = useState(tileName(insight))
  const [description, setDescription] = useState(insight.description)
  const saving = useMutation({
    mutationFn: () => changeInsight(projectId, insight.id, { name: name.trim(), description }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') }),
        client.invalidateQueries({ queryKey: keys.all(projectId, 'insights') }),
      ])
      onClose()
    },
    onError: notifyFailed,
  })
  return (
    <Modal opened onClose={onClose} title="Rename insight">
      <form
        onSubmit={event => {
          event.preventDefault()
          saving.mutate()
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
            maxLength={400}
            autosize
            minRows={2}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={saving.isPending} disabled={!name.trim()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
