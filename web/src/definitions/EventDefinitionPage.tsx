import { Button, Grid, Group, Stack, Text } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { changeEventDefinition, eventDefinitionQuery } from '@/api/definition'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { knownEvent } from '@/components/eventNames'
import { LoadingCards, LoadingText } from '@/components/Loading'
import { PageHeader } from '@/components/PageHeader'
import { Time, TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { Back } from './Back'
import { DefinitionForm } from './DefinitionForm'
import { EventExamples } from './EventExamples'
import { EventTrend } from './EventTrend'
import { eventDefinitionRoute } from './routes'
import { SeenProperties } from './SeenProperties'

export function EventDefinitionPage() {
  const { definitionId } = eventDefinitionRoute.useParams()
  const projectId = useProjectId()
  const client = useQueryClient()
  const found = useQuery(eventDefinitionQuery(projectId, definitionId))
  if (found.error) return <ErrorState error={found.error} onRetry={() => found.refetch()} />
  if (!found.data) {
    return (
      <Stack>
        <LoadingText lines={2} />
        <LoadingCards count={3} height={220} />
      </Stack>
    )
  }
  const event = found.data
  const known = knownEvent(event.name)
  return (
    <>
      <Back tab="events">Definitions of events</Back>
      <PageHeader
        title={known ?? event.name}
        description={
          <Group gap="xs" component="span">
            {known && (
              <Text span className="monospace">
                {event.name}
              </Text>
            )}
            <span>
              Seen <TimeAgo value={event.last_seen_at} />, first{' '}
              <Time value={event.created_at} precision="day" />
            </span>
          </Group>
        }
        actions={
          <Button
            variant="default"
            leftSection={<IconListSearch size={14} aria-hidden />}
            renderRoot={props => (
              <Link
                {...props}
                to="/project/$projectId/events"
                params={{ projectId } as never}
                search={{ event: event.name, date_from: '-7d' } as never}
              />
            )}
          >
            Look at these events
          </Button>
        }
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <DefinitionForm
            key={event.id}
            definition={event}
            onSave={async changed => {
              const saved = await changeEventDefinition(projectId, event.id, changed)
              client.setQueryData(keys.one(projectId, 'event_definitions', event.id), saved)
              await client.invalidateQueries({ queryKey: keys.all(projectId, 'event_definitions') })
            }}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <EventTrend event={event.name} />
        </Grid.Col>
        <Grid.Col span={12}>
          <SeenProperties event={event.name} />
        </Grid.Col>
        <Grid.Col span={12}>
          <EventExamples event={event.name} />
        </Grid.Col>
      </Grid>
    </>
  )
}
