import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck, IconSend } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sendEvent } from '@/api/capture'
import { keys } from '@/api/keys'
import type { RowsAnswer } from '@/api/query'
import { CopyButton } from '@/components/CopyButton'
import { EventName } from '@/components/EventName'
import { notifyFailed } from '@/components/notify'
import { PropertiesTable } from '@/components/PropertiesTable'
import { TimeAgo } from '@/components/Time'
import { useProject, useProjectId } from '@/components/useProject'
import { useQueryKind } from '@/components/useQueryKind'
import classes from './FirstEvent.module.css'
import { NextSteps } from './NextSteps'

interface Came {
  uuid: string
  event: string
  timestamp: string
  distinct_id: string
  properties: Record<string, unknown>
}

const WATCH_MS = 2_000
const SHOWN = 5
const NEWEST = {
  kind: 'EventsQuery',
  select: ['*'],
  orderBy: ['timestamp DESC'],
  after: '-7d',
  limit: SHOWN,
}

/** Watches for events of the project, and shows the first one as it comes. */
export function FirstEvent() {
  const projectId = useProjectId()
  const project = useProject()
  const client = useQueryClient()
  // Whether it was the very first one is known by how it was when the page was opened.
  const [hadEvents] = useState(project.ingested_event)
  const found = useQueryKind<RowsAnswer>(NEWEST, {
    refresh: 'force_blocking',
    refetchEvery_ms: WATCH_MS,
    keepPrevious: true,
  })
  const came = found.data?.results.map(row => row[0] as Came)
  const hasCome = Boolean(came?.length)
  useEffect(() => {
    if (!hasCome || project.ingested_event) return
    void client.invalidateQueries({ queryKey: keys.project(projectId), exact: true })
    void client.invalidateQueries({ queryKey: keys.me() })
  }, [hasCome, project.ingested_event, client, projectId])
  const sending = useMutation({
    mutationFn: () => sendEvent(project.api_token, 'test event', 'onboarding-test'),
    onError: notifyFailed,
  })
  const first = hadEvents ? came?.[0] : came?.at(-1)
  return (
    <Stack gap="lg" miw={0}>
      <Card component="section" aria-labelledby="first-event" aria-live="polite">
        {first ? (
          <Stack gap="sm">
            <Group gap={8} wrap="nowrap">
              <IconCircleCheck size={22} color="var(--mantine-color-teal-6)" aria-hidden />
              <Title order={2} id="first-event">
                {hadEvents ? 'Events are coming in' : 'Your first event is here'}
              </Title>
            </Group>
            <Text c="var(--hoglet-quiet)">
              <Text span fw={600} c="var(--mantine-color-text)">
                <EventName name={first.event} />
              </Text>{' '}
              by {first.distinct_id}, <TimeAgo value={first.timestamp} />
            </Text>
            <div className={classes.properties}>
              <PropertiesTable properties={first.properties} search="" />
            </div>
          </Stack>
        ) : (
          <Group gap="md" wrap="nowrap" align="flex-start">
            <span className={classes.pulse} aria-hidden />
            <Stack gap={2}>
              <Title order={2} id="first-event">
                {hadEvents ? 'Waiting for the next event' : 'Waiting for the first event'}
              </Title>
              <Text c="var(--hoglet-quiet)">
                Leave this page open. An event shows here within seconds after it was sent.
              </Text>
            </Stack>
          </Group>
        )}
        {found.error && (
          <Alert color="orange" mt="sm" p="xs">
            Watching failed: {found.error.message} It is tried again.
          </Alert>
        )}
        <Group mt="md" gap="xs">
          <Button
            variant="default"
            leftSection={<IconSend size={14} aria-hidden />}
            loading={sending.isPending}
            onClick={() => sending.mutate()}
          >
            Send a test event from here
          </Button>
          {sending.isSuccess && !first && <Text size="sm">Sent. It should be here any moment.</Text>}
        </Group>
      </Card>
      {first && <NextSteps />}
      <Card component="section" aria-labelledby="what-to-fill-in">
        <Title order={2} id="what-to-fill-in" mb="xs">
          What SDKs ask for
        </Title>
        <Fact label="Project token" value={project.api_token} />
        <Fact label="Address (host)" value={location.origin} />
        <Text size="sm" c="var(--hoglet-quiet)" mt="xs">
          The token is no secret: it may be in your pages, and lets nobody read anything.
        </Text>
      </Card>
    </Stack>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <Group justify="space-between" gap="xs" py={4}>
      <Text size="sm" c="var(--hoglet-quiet)">
        {label}
      </Text>
      <Group gap={4} miw={0}>
        <Text size="sm" className="monospace">
          {value}
        </Text>
        <CopyButton value={value} what={`Copy: ${label}`} />
      </Group>
    </Group>
  )
}
