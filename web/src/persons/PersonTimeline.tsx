import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { IconTimelineEvent } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { Person } from '@/api/person'
import { DateRange } from '@/components/DateRange'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { EventPicker } from '@/components/EventPicker'
import { ExportMenu } from '@/components/ExportMenu'
import { LoadingTable } from '@/components/Loading'
import { PropertyFilters } from '@/components/PropertyFilters'
import { useUrlState } from '@/components/useUrlState'
import { personRoute } from './routes'
import { TimelineVisit } from './TimelineVisit'
import { visitsOf } from './timeline'
import { DEFAULT_FROM, timelineQuery, useTimeline } from './useTimeline'

/** What somebody did, by session. */
export function PersonTimeline({ person }: { person: Person }) {
  const [state, change] = useUrlState(personRoute)
  const found = useTimeline(person.id, state)
  const visits = useMemo(() => visitsOf(found.rows ?? []), [found.rows])
  return (
    <Stack gap="md">
      <Group gap="xs">
        <DateRange
          value={{ date_from: state.date_from ?? DEFAULT_FROM, date_to: state.date_to }}
          onChange={range =>
            change({ date_from: range.date_from ?? undefined, date_to: range.date_to ?? undefined })
          }
        />
        <EventPicker
          value={{ kind: 'event', name: state.event ?? null }}
          onChange={choice => change({ event: (choice.kind === 'event' && choice.name) || undefined })}
          allowActions={false}
        />
        <PropertyFilters
          value={state.properties ?? []}
          onChange={properties => change({ properties: properties.length > 0 ? properties : undefined })}
          sources={['event', 'hogql']}
          eventNames={state.event ? [state.event] : undefined}
        />
        <Group ml="auto">
          <ExportMenu query={timelineQuery(person.id, state, { whole: false })} />
        </Group>
      </Group>
      {found.error && !found.rows ? (
        <Card padding={0}>
          <ErrorState error={found.error} onRetry={() => found.refetch()} />
        </Card>
      ) : !found.rows ? (
        <LoadingTable />
      ) : visits.length === 0 ? (
        <Card padding={0}>
          <EmptyState
            icon={IconTimelineEvent}
            title="No events in this time"
            action={
              <Button
                variant="light"
                onClick={() =>
                  change({ date_from: 'all', date_to: undefined, event: undefined, properties: undefined })
                }
              >
                Look at all time
              </Button>
            }
          >
            Take a filter away, or look at a longer time.
          </EmptyState>
        </Card>
      ) : (
        <Stack gap="md" aria-busy={found.isPlaceholderData} opacity={found.isPlaceholderData ? 0.6 : 1}>
          {visits.map(visit => (
            <TimelineVisit key={visit.key} visit={visit} />
          ))}
          {found.hasNextPage ? (
            <Group justify="center">
              <Button
                variant="default"
                onClick={() => found.fetchNextPage()}
                loading={found.isFetchingNextPage}
              >
                Show earlier events
              </Button>
            </Group>
          ) : (
            <Text size="sm" c="var(--hoglet-quiet)" ta="center">
              Nothing earlier in this time
            </Text>
          )}
        </Stack>
      )}
    </Stack>
  )
}
