import { Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconBolt, IconPlayerPause, IconPlayerPlay, IconUser } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { EventName } from '@/components/EventName'
import { EventPicker } from '@/components/EventPicker'
import { PageHeader } from '@/components/PageHeader'
import { PersonLink } from '@/components/PersonLink'
import { Time } from '@/components/Time'
import { useUrlState } from '@/components/useUrlState'
import { EventDetails } from '@/events/EventDetails'
import { type Arrived, askedFor } from './arriving'
import { EventRate } from './EventRate'
import classes from './LivePage.module.css'
import { liveRoute } from './routes'
import { rowOf, whereOf } from './row'
import { useArriving } from './useArriving'

const TYPED_MS = 400

const COLUMNS: Column<Arrived>[] = [
  {
    id: 'event',
    header: 'Event',
    cell: ({ event, isNew }) => (
      <span className={classes.name}>
        <span className={classes.dot} data-new={isNew || undefined} aria-hidden />
        <EventName name={event.event} />
      </span>
    ),
  },
  {
    id: 'person',
    header: 'Person',
    cell: ({ event }) => (
      <PersonLink
        person={event.person && { uuid: event.person.id, properties: event.person.properties }}
        distinctId={event.distinct_id}
      />
    ),
  },
  {
    id: 'where',
    header: 'URL / screen',
    cell: ({ event }) => (
      <Text span inherit truncate display="block" maw={360} title={whereOf(event)}>
        {whereOf(event) || '–'}
      </Text>
    ),
  },
  { id: 'library', header: 'Library', cell: ({ event }) => String(event.properties.$lib ?? '–'), width: 120 },
  { id: 'time', header: 'Time', cell: ({ event }) => <Time value={event.timestamp} />, width: 190 },
]

export function LivePage() {
  const [state, change] = useUrlState(liveRoute)
  const [isPaused, setPaused] = useState(false)
  const [typed, setTyped] = useState(state.person ?? '')
  const asked = useMemo(() => askedFor(state.event, state.person), [state.event, state.person])
  const found = useArriving(asked, isPaused)
  const isFiltered = Boolean(state.event || state.person)
  const settle = useDebouncedCallback(
    (person: string) => change({ person: person.trim() || undefined }),
    TYPED_MS,
  )
  const type = (person: string) => {
    setTyped(person)
    settle(person)
  }
  return (
    <>
      <PageHeader
        title="Live events"
        description="The newest events, as they arrive"
        actions={
          <Button
            variant="default"
            leftSection={
              isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />
            }
            onClick={() => setPaused(!isPaused)}
          >
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        }
      />
      <Stack gap="md">
        <EventRate isPaused={isPaused} />
        <Group gap="xs">
          <EventPicker
            value={{ kind: 'event', name: state.event ?? null }}
            allowActions={false}
            onChange={choice =>
              change({ event: choice.kind === 'event' ? (choice.name ?? undefined) : undefined })
            }
          />
          <TextInput
            size="xs"
            w={260}
            leftSection={<IconUser size={14} aria-hidden />}
            placeholder="Distinct id or person id"
            aria-label="Person"
            value={typed}
            onChange={event => type(event.currentTarget.value)}
            rightSection={
              typed && <CloseButton size="xs" aria-label="Every person" onClick={() => type('')} />
            }
          />
          <Text size="sm" c="var(--hoglet-quiet)" className={classes.state} role="status">
            <span className={classes.pulse} data-live={!isPaused || undefined} aria-hidden />
            {isPaused ? 'Paused' : 'Listening'}
          </Text>
        </Group>
        <DataTable
          label="Live events"
          columns={COLUMNS}
          rows={found.isLoading && found.rows.length === 0 ? undefined : [...found.rows]}
          rowKey={row => row.event.id}
          loading={found.isLoading}
          error={found.error}
          onRetry={found.retry}
          expanded={row => <EventDetails event={rowOf(row.event)} />}
          minWidth={760}
          empty={
            <EmptyState
              icon={IconBolt}
              title="Waiting for events"
              action={
                isFiltered && (
                  <Button
                    variant="light"
                    onClick={() => {
                      setTyped('')
                      change({ event: undefined, person: undefined })
                    }}
                  >
                    Show all events
                  </Button>
                )
              }
            >
              {isFiltered
                ? 'Nothing like this came within a day. It will be shown as soon as it arrives.'
                : 'Nothing came within a day. Events that any PostHog SDK sends with this project’s token are shown here within seconds.'}
            </EmptyState>
          }
        />
      </Stack>
    </>
  )
}
