import { Button, Group, Stack, Switch } from '@mantine/core'
import { IconListSearch, IconRefresh } from '@tabler/icons-react'
import { useMemo } from 'react'
import { DataTable } from '@/components/DataTable'
import { DateRange } from '@/components/DateRange'
import { EmptyState } from '@/components/EmptyState'
import { type EventChoice, EventPicker } from '@/components/EventPicker'
import { ExportMenu } from '@/components/ExportMenu'
import { PageHeader } from '@/components/PageHeader'
import { PropertyFilters } from '@/components/PropertyFilters'
import { useProject } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { ColumnsEditor } from './ColumnsEditor'
import { columnsOf } from './columns'
import { EventDetails } from './EventDetails'
import { EventsVolume } from './EventsVolume'
import { DEFAULT_COLUMNS, DEFAULT_FROM, eventsQuery, withFilter } from './eventsQuery'
import { eventsRoute } from './routes'
import { useEvents } from './useEvents'

export function EventsPage() {
  const [state, change] = useUrlState(eventsRoute)
  const project = useProject()
  const found = useEvents(state)
  const columns = state.columns?.length ? state.columns : [...DEFAULT_COLUMNS]
  const named = columns.join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are the columns
  const tableColumns = useMemo(() => columnsOf(columns), [named])
  const isFiltered = Boolean(state.event || state.action || state.properties?.length || state.tests)
  const chosen: EventChoice =
    state.action === undefined
      ? { kind: 'event', name: state.event ?? null }
      : { kind: 'action', id: state.action, name: `Action ${state.action}` }
  const choose = (choice: EventChoice) =>
    change({
      event: choice.kind === 'event' ? (choice.name ?? undefined) : undefined,
      action: choice.kind === 'action' ? choice.id : undefined,
    })
  const only = (key: string, value: string | number | boolean) =>
    change({ properties: withFilter(state.properties ?? [], key, value) }, { push: true })
  return (
    <>
      <PageHeader
        title="Events"
        description="Everything that was captured, row by row"
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() => found.refetch()}
              loading={found.isRefetching && !found.isFetchingNextPage}
            >
              Refresh
            </Button>
            <ColumnsEditor
              value={columns}
              onChange={changed =>
                change({ columns: changed.join() === DEFAULT_COLUMNS.join() ? undefined : changed })
              }
            />
            <ExportMenu query={eventsQuery(state, { whole: false })} />
          </>
        }
      />
      <Stack gap="md">
        <Group gap="xs">
          <DateRange
            value={{ date_from: state.date_from ?? DEFAULT_FROM, date_to: state.date_to }}
            onChange={range =>
              change({ date_from: range.date_from ?? undefined, date_to: range.date_to ?? undefined })
            }
          />
          <EventPicker value={chosen} onChange={choose} />
          <PropertyFilters
            value={state.properties ?? []}
            onChange={properties => change({ properties: properties.length > 0 ? properties : undefined })}
            eventNames={state.event ? [state.event] : undefined}
          />
          {project.test_account_filters.length > 0 && (
            <Switch
              size="xs"
              label="Hide internal and test users"
              checked={state.tests ?? false}
              onChange={event => change({ tests: event.currentTarget.checked || undefined })}
            />
          )}
        </Group>
        <EventsVolume state={state} />
        <DataTable
          label="Events"
          columns={tableColumns}
          rows={found.rows}
          rowKey={row => row.uuid}
          loading={found.isPending}
          refreshing={found.isPlaceholderData}
          error={found.error}
          onRetry={() => found.refetch()}
          sort={{ id: 'timestamp', descending: !state.oldest }}
          onSort={sort => change({ oldest: sort.descending ? undefined : true })}
          expanded={row => <EventDetails event={row} onFilter={only} />}
          hasMore={found.hasNextPage}
          onMore={() => found.fetchNextPage()}
          loadingMore={found.isFetchingNextPage}
          minWidth={Math.max(640, columns.length * 150)}
          empty={
            <EmptyState
              icon={IconListSearch}
              title={isFiltered ? 'No event matches' : 'No events in this time'}
              action={
                <Button variant="light" onClick={() => change({ date_from: '-30d', date_to: undefined })}>
                  Look at the last 30 days
                </Button>
              }
            >
              {isFiltered
                ? 'Take a filter away, or look at a longer time.'
                : 'Look at a longer time, or send events with any PostHog SDK and this project’s token.'}
            </EmptyState>
          }
        />
      </Stack>
    </>
  )
}
