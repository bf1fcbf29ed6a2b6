import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { copyTile, type Dashboard, dashboardsQuery, moveTile, type Tile } from '@/api/dashboard'
import { keys } from '@/api/keys'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'

interface Props {
  dashboard: Dashboard
  tile: Tile
  how: 'copy' | 'move'
  onClose: () => void
}

/** A tile onto another dashboard. */
export function SendTile({ dashboard, tile, how, onClose }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [to, setTo] = useState<string | null>(null)
  const { data, isPending } = useQuery(dashboardsQuery(projectId))
  const others = (data?.results ?? []).filter(one => one.id !== dashboard.id)
  const sending = useMutation({
    mutationFn: () => (how === 'copy' ? copyTile : moveTile)(projectId, dashboard.id, tile.id, Number(to)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') })
      notifyDone(how === 'copy' ? 'Copied to the other dashboard' : 'Moved to the other dashboard')
      onClose()
    },
    onError: notifyFailed,
  })
  const verb = how === 'copy' ? 'Copy' : 'Move'
  return (
    <Modal opened onClose={onClose} title={`${verb} to a dashboard`} size="sm">
      <Stack>
        <Select
          label="Dashboard"
          placeholder={isPending ? 'Loading…' : 'Choose one'}
          data={others.map(one => ({ value: String(one.id), label: one.name || 'Untitled dashboard' }))}
          value={to}
          onChange={setTo}
          searchable
          nothingFoundMessage="There is no other dashboard"
          data-autofocus
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!to} loading={sending.isPending} onClick={() => sending.mutate()}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
