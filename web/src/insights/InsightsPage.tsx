import { Button, Chip, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconChartHistogram, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type InsightsAsked, insightsQuery } from '@/api/insight'
import { keys } from '@/api/keys'
import { queryClient } from '@/api/queryClient'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { useSession } from '@/session/session'
import { insightsColumns } from './insightsColumns'
import { NewInsightMenu } from './NewInsightMenu'
import { KINDS } from './query/insightQuery'
import { insightsRoute } from './routes'

const PAGE_ROWS = 50
const ORDERS = ['name', 'created_at', 'last_modified_at'] as const

/** Every insight that was kept. */
export function InsightsPage() {
  const projectId = useProjectId()
  const me = useSession()
  const [state, change] = useUrlState(insightsRoute)
  const [typed, setTyped] = useState(state.q ?? '')
  const search = useDebouncedCallback((text: string) => change({ q: text.trim() || undefined }), 200)
  const mayEdit = useMay('member')
  const order = state.order ?? '-last_modified_at'
  const asked: InsightsAsked = {
    saved: true,
    order,
    ...(state.q && { search: state.q }),
    ...(state.kind && { insight: state.kind }),
    ...(state.author !== undefined && { created_by: state.author }),
    ...(state.favourites && { favorited: true }),
  }
  const found = useInfiniteQuery({
    queryKey: keys.list(projectId, 'insights', { pages: asked }),
    queryFn: ({ pageParam }) =>
      queryClient.fetchQuery(insightsQuery(projectId, { ...asked, limit: PAGE_ROWS, offset: pageParam })),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.next ? pages.length * PAGE_ROWS : undefined),
    placeholderData: keepPreviousData,
  })
  const isNarrowed = Boolean(state.q || state.kind || state.favourites || state.author !== undefined)
  const column = order.replace('-', '')
  return (
    <>
      <PageHeader
        title="Insights"
        description="Questions about what people do, and their answers"
        actions={<NewInsightMenu />}
      />
      <Stack gap="md">
        <Group gap="xs">
          <TextInput
            size="xs"
            w={240}
            leftSection={<IconSearch size={14} aria-hidden />}
            placeholder="Search insights"
            aria-label="Search insights"
            value={typed}
            onChange={event => {
              setTyped(event.currentTarget.value)
              search(event.currentTarget.value)
            }}
          />
          <NativeSelect
            size="xs"
            aria-label="Kind"
            value={state.kind ?? ''}
            data={[
              { value: '', label: 'Every kind' },
              ...KINDS.map(one => ({ value: one.filter, label: one.label })),
            ]}
            onChange={event =>
              change({ kind: (event.currentTarget.value || undefined) as typeof state.kind })
            }
          />
          <Chip
            size="xs"
            checked={state.author === me.id}
            onChange={on => change({ author: on ? me.id : undefined })}
          >
            Made by me
          </Chip>
          <Chip
            size="xs"
            checked={state.favourites ?? false}
            onChange={on => change({ favourites: on || undefined })}
          >
            Favourites
          </Chip>
          {state.author !== undefined && state.author !== me.id && (
            <Button variant="default" onClick={() => change({ author: undefined })}>
              By anybody
            </Button>
          )}
        </Group>
        <DataTable
          label="Insights"
          columns={insightsColumns({ projectId, mayEdit, onAuthor: author => change({ author }) })}
          rows={found.data?.pages.flatMap(page => page.results)}
          rowKey={row => row.short_id}
          loading={found.isPending}
          refreshing={found.isPlaceholderData}
          error={found.error}
          onRetry={() => found.refetch()}
          sort={{ id: column, descending: order.startsWith('-') }}
          onSort={({ id, descending }) => {
            const by = ORDERS.find(one => one === id)
            if (!by) return
            const asked = descending ? (`-${by}` as const) : by
            change({ order: asked === '-last_modified_at' ? undefined : asked })
          }}
          hasMore={found.hasNextPage}
          onMore={() => found.fetchNextPage()}
          loadingMore={found.isFetchingNextPage}
          minWidth={760}
          empty={
            <EmptyState
              icon={IconChartHistogram}
              title={isNarrowed ? 'No insight matches' : 'No insights yet'}
              action={
                isNarrowed ? (
                  <Button
                    variant="light"
                    onClick={() => {
                      setTyped('')
                      change({ q: undefined, kind: undefined, author: undefined, favourites: undefined })
                    }}
                  >
                    Show all insights
                  </Button>
                ) : (
                  <NewInsightMenu />
                )
              }
            >
              {isNarrowed
                ? 'Search for something else, or take a filter away.'
                : 'Ask how often something happens, where people drop off, or who comes back. Saved, it can be put on dashboards.'}
            </EmptyState>
          }
        />
      </Stack>
    </>
  )
}
