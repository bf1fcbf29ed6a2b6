import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Insight } from '@/api/insight'
import { counted } from '@/components/format'
import { notifyDone, notifyFailed } from '@/components/notify'

interface Props {
  insight: Insight | null
  onClose: () => void
  onDelete: (insight: Insight) => Promise<unknown>
}

export function DeleteQuery({ insight, onClose, onDelete }: Props) {
  const [busy, setBusy] = useState(false)
  const dashboards = insight?.dashboards.length ?? 0
  const confirm = async () => {
    if (!insight) return
    setBusy(true)
    try {
      await onDelete(insight)
      notifyDone('The query was deleted.')
      onClose()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={insight !== null} onClose={onClose} title="Delete the query?" size="sm">
      <Stack>
        <Text>
          “{insight?.name || 'Unnamed query'}” goes
          {dashboards > 0 && `, also from ${counted(dashboards, 'dashboard')}`}. The data stays.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={busy} onClick={confirm}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
