import { Badge, Button, Group, Loader, Modal, ScrollArea, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChartHistogram, IconPlus, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { changeDashboard, type Dashboard } from '@/api/dashboard'
import { changeInsight, type Insight, insightsQuery } from '@/api/insight'
import { keys } from '@/api/keys'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { belowAll } from './layout'
import { tileName } from './tileAnswer'

const LIMIT = 50
const TYPED_MS = 200

/** Insights that are saved, to be laid on the dashboard. */
export function AddInsight({ dashboard, onClose }: { dashboard: Dashboard; onClose: () => void }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), TYPED_MS)
  const found = useQuery({
    ...insightsQuery(projectId, { saved: true, limit: LIMIT, ...(search && { search }) }),
    placeholderData: keepPreviousData,
  })
  const adding = useMutation({
    mutationFn: async (insight: Insight) => {
      const before = new Set(dashboard.tiles.map(tile => tile.id))
      const layouts = belowAll(dashboard.tiles, 'insight')
      const others = insight.dashboards.filter(id => id !== dashboard.id)
      await changeInsight(projectId, insight.id, { dashboards: [...others, dashboard.id] })
      const now = await changeDashboard(projectId, dashboard.id, {})
      const made = now.tiles.find(tile => !before.has(tile.id) && tile.insight?.id === insight.id)
      if (made) await changeDashboard(projectId, dashboard.id, { tiles: [{ id: made.id, layouts }] })
    },
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') }),
        client.invalidateQueries({ queryKey: keys.all(projectId, 'insights') }),
      ])
    },
    onError: notifyFailed,
  })
  const here = new Set(dashboard.tiles.map(tile => tile.insight?.id))
  return (
    <Modal opened onClose={onClose} title="Add an insight" size="lg">
      <Stack>
        <Group gap="xs">
          <TextInput
            flex={1}
            placeholder="Search saved insights"
            aria-label="Search saved insights"
            leftSection={<IconSearch size={14} aria-hidden />}
            rightSection={found.isFetching ? <Loader size={14} /> : null}
            value={text}
            onChange={event => setText(event.currentTarget.value)}
            data-autofocus
          />
          <Button
            component={Link}
            to={'/project/$projectId/insights/new' as string}
            params={{ projectId } as never}
            search={{ dashboard: dashboard.id } as never}
            variant="light"
            size="sm"
            leftSection={<IconPlus size={14} aria-hidden />}
          >
            New insight
          </Button>
        </Group>
        {found.error && !found.data ? (
          <ErrorState error={found.error} onRetry={() => void found.refetch()} compact />
        ) : found.isPending ? (
          <LoadingText lines={6} />
        ) : found.data?.results.length === 0 ? (
          <EmptyState
            icon={IconChartHistogram}
            title={search ? 'No insight matches' : 'No saved insight yet'}
          >
            {search ? 'Try other words.' : 'Build one, save it, and it can be laid on dashboards.'}
          </EmptyState>
        ) : (
          <ScrollArea.Autosize mah={420} type="auto">
            <Stack gap={0} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
              {found.data?.results.map(insight => (
                <Group
                  key={insight.id}
                  component="li"
                  justify="space-between"
                  wrap="nowrap"
                  py={8}
                  style={{ borderBottom: '1px solid var(--hoglet-border)' }}
                >
                  <Stack gap={0} miw={0}>
                    <Text fw={500} truncate>
                      {tileName(insight)}
                    </Text>
                    {insight.description && (
                      <Text size="xs" c="var(--hoglet-quiet)" truncate>
                        {insight.description}
                      </Text>
                    )}
                  </Stack>
                  {here.has(insight.id) ? (
                    <Badge variant="light" color="gray" tt="none" fw={500} style={{ flexShrink: 0 }}>
                      On this dashboard
                    </Badge>
                  ) : (
                    <Button
                      variant="default"
                      style={{ flexShrink: 0 }}
                      aria-label={`Add ${tileName(insight)}`}
                      loading={adding.isPending && adding.variables.id === insight.id}
                      disabled={adding.isPending}
                      onClick={() => adding.mutate(insight)}
                    >
                      Add
                    </Button>
                  )}
                </Group>
              ))}
            </Stack>
          </ScrollArea.Autosize>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
