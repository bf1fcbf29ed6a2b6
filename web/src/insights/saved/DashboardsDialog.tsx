import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createDashboard, dashboardsQuery } from '@/api/dashboard'
import type { Insight } from '@/api/insight'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useInsightChange } from './useInsightChange'

const SEARCH_FROM = 8

/** On which dashboards the insight lies. */
export function DashboardsDialog({ insight, onClose }: { insight: Insight; onClose: () => void }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(dashboardsQuery(projectId))
  const [chosen, setChosen] = useState<string[]>(insight.dashboards.map(String))
  const [search, setSearch] = useState('')
  const [name, setName] = useState('')
  const change = useInsightChange(insight)
  const create = useMutation({
    mutationFn: () => createDashboard(projectId, { name: name.trim() }),
    onSuccess: made => {
      setChosen([...chosen, String(made.id)])
      setName('')
      void client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') })
    },
    onError: notifyFailed,
  })
  const all = data?.results ?? []
  const shown = all.filter(one => (one.name ?? '').toLowerCase().includes(search.trim().toLowerCase()))
  const save = async () => {
    await change.mutateAsync({ dashboards: chosen.map(Number) }).then(() => {
      notifyDone('Dashboards updated')
      onClose()
    })
  }
  return (
    <Modal opened onClose={onClose} title="On dashboards">
      <Stack>
        {all.length >= SEARCH_FROM && (
          <TextInput
            aria-label="Search dashboards"
            placeholder="Search dashboards"
            value={search}
            onChange={event => setSearch(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} compact />
        ) : !data ? (
          <LoadingText />
        ) : (
          <Checkbox.Group value={chosen} onChange={setChosen} aria-label="Dashboards">
            <Stack gap="xs" mah={320} style={{ overflowY: 'auto' }}>
              {shown.map(one => (
                <Checkbox key={one.id} value={String(one.id)} label={one.name || 'Untitled dashboard'} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Group gap="xs" align="end" wrap="nowrap">
          <TextInput
            flex={1}
            label="New dashboard"
            placeholder="Name"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Button
            variant="default"
            h={36}
            disabled={!name.trim()}
            loading={create.isPending}
            onClick={() => create.mutate()}
          >
            Create
          </Button>
        </Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button onClick={() => void save().catch(() => {})} loading={change.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
