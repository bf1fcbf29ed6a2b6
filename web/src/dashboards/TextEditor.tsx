import { Button, Group, Modal, Paper, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addText, changeText, type Dashboard, type Tile } from '@/api/dashboard'
import { keys } from '@/api/keys'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { belowAll } from './layout'
import { Markdown } from './Markdown'

interface Props {
  dashboard: Dashboard
  /** The text that is changed; a new one without. */
  tile?: Tile
  onClose: () => void
}

const CHARACTERS_MAX = 4_000

/** A text on the dashboard, written as Markdown. */
export function TextEditor({ dashboard, tile, onClose }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [body, setBody] = useState(tile?.text?.body ?? '')
  const [view, setView] = useState('write')
  const saving = useMutation({
    mutationFn: () =>
      tile
        ? changeText(projectId, dashboard.id, tile.id, body)
        : addText(projectId, dashboard.id, body, belowAll(dashboard.tiles, 'text')),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.one(projectId, 'dashboards', dashboard.id) })
      onClose()
    },
    onError: notifyFailed,
  })
  return (
    <Modal opened onClose={onClose} title={tile ? 'Edit text' : 'Add text'} size="lg">
      <Stack>
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={view}
          onChange={setView}
          data={[
            { value: 'write', label: 'Write' },
            { value: 'preview', label: 'Preview' },
          ]}
          style={{ alignSelf: 'flex-start' }}
        />
        {view === 'write' ? (
          <Textarea
            aria-label="Text"
            value={body}
            onChange={event => setBody(event.currentTarget.value)}
            maxLength={CHARACTERS_MAX}
            placeholder="# A heading&#10;What this dashboard is for, **what matters**, and [where to look next](https://…)"
            autosize
            minRows={8}
            maxRows={20}
            data-autofocus
          />
        ) : (
          <Paper withBorder p="md" mih={180}>
            {body.trim() ? (
              <Markdown text={body} />
            ) : (
              <Text c="var(--hoglet-quiet)">There is nothing to show yet.</Text>
            )}
          </Paper>
        )}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="var(--hoglet-quiet)">
            Markdown: headings, lists, links, **bold**, *italic*, `code`
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={saving.isPending} disabled={!body.trim()} onClick={() => saving.mutate()}>
              {tile ? 'Save' : 'Add text'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}
