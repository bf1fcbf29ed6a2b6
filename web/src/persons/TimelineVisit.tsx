import { Button, Card, Collapse, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { EventName } from '@/components/EventName'
import { counted, duration, timeIn } from '@/components/format'
import { Time } from '@/components/Time'
import { useTimezone } from '@/components/useProject'
import { EventDetails } from '@/events/EventDetails'
import type { EventRow } from '@/events/eventsQuery'
import classes from './Timeline.module.css'
import { placeOf, seconds, type Visit } from './timeline'

const FIRST_SHOWN = 20

/** A session and its events; each opens to show what it says. */
export function TimelineVisit({ visit }: { visit: Visit }) {
  const [whole, setWhole] = useState(false)
  const shown = whole ? visit.events : visit.events.slice(0, FIRST_SHOWN)
  const lasted = seconds(visit)
  return (
    <Card padding={0} component="section" aria-label={visit.sessionId ? 'Session' : 'Without a session'}>
      <div className={classes.head}>
        <Text span fw={600}>
          <Time value={visit.start} precision="minute" />
        </Text>
        <Text span size="sm" c="var(--hoglet-quiet)">
          {visit.sessionId ? 'Session' : 'Without a session'} · {counted(visit.events.length, 'event')}
          {lasted >= 1 && ` · ${duration(lasted)}`}
        </Text>
      </div>
      {shown.map(event => (
        <TimelineEvent key={event.uuid} event={event} />
      ))}
      {shown.length < visit.events.length && (
        <Button variant="subtle" fullWidth radius={0} onClick={() => setWhole(true)}>
          Show {counted(visit.events.length - shown.length, 'earlier event')} of it
        </Button>
      )}
    </Card>
  )
}

function TimelineEvent({ event }: { event: EventRow }) {
  const [opened, setOpened] = useState(false)
  const zone = useTimezone()
  const place = placeOf(event)
  const time = timeIn(zone, event.timestamp).split(', ')[1]
  return (
    <div className={classes.entry}>
      <UnstyledButton className={classes.row} aria-expanded={opened} onClick={() => setOpened(!opened)}>
        {opened ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
        <time dateTime={event.timestamp} className="tabular" title={timeIn(zone, event.timestamp)}>
          {time}
        </time>
        <Text span inherit truncate>
          <EventName name={event.event} />
        </Text>
        <Text span inherit truncate c="var(--hoglet-quiet)" className={classes.place} title={place}>
          {place}
        </Text>
      </UnstyledButton>
      <Collapse expanded={opened}>
        {opened && (
          <div className={classes.opened}>
            <EventDetails event={event} />
          </div>
        )}
      </Collapse>
    </div>
  )
}
