import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core'
import { IconBolt } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Answer } from '@/api/query'
import { ErrorState } from '@/components/ErrorState'
import { exact } from '@/components/format'
import { LoadingChart } from '@/components/Loading'
import { useProjectId } from '@/components/useProject'
import { useQueryKind } from '@/components/useQueryKind'
import { lastMinutes } from './lastMinutes'
import { Spark } from './Spark'

interface Counts extends Answer {
  results: { data: number[]; days: string[] }[]
}

const MINUTES = 60
const AGAIN_MS = 10_000
const HEIGHT_PX = 84
const QUERY = {
  kind: 'TrendsQuery',
  series: [{ kind: 'EventsNode', event: null, name: 'All events' }],
  dateRange: { date_from: `-${MINUTES}M` },
  interval: 'minute',
}

/** How many events come in a minute, as they come. */
export function EventsNow() {
  const projectId = useProjectId()
  const found = useQueryKind<Counts>(QUERY, { refresh: 'force_blocking', refetchEvery_ms: AGAIN_MS })
  const counts = found.data?.results[0]
  const points = counts ? lastMinutes(counts.data, counts.days, MINUTES) : []
  const whole = points.slice(0, -1)
  const total = points.reduce((sum, one) => sum + one.count, 0)
  return (
    <Card component="section" aria-labelledby="events-now">
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Group gap={8} wrap="nowrap">
          <IconBolt size={18} stroke={1.6} aria-hidden />
          <Title order={2} id="events-now">
            Events per minute
          </Title>
        </Group>
        <Anchor
          component={Link}
          to={'/project/$projectId/events' as string}
          params={{ projectId } as never}
          size="sm"
        >
          See events
        </Anchor>
      </Group>
      {found.error && !found.data ? (
        <ErrorState error={found.error} onRetry={found.retry} compact />
      ) : !counts ? (
        <LoadingChart height={HEIGHT_PX + 46} />
      ) : (
        <Stack gap="sm">
          <Group gap="xl">
            <Figure value={whole.at(-1)?.count ?? 0} told="in the last minute" />
            <Figure value={total} told="in the last hour" />
          </Group>
          <Spark
            points={points}
            height={HEIGHT_PX}
            label={`${exact(total)} events in the last hour, minute by minute`}
          />
        </Stack>
      )}
    </Card>
  )
}

function Figure({ value, told }: { value: number; told: string }) {
  return (
    <div>
      <Text fz={24} fw={600} lh={1.2} className="tabular">
        {exact(value)}
      </Text>
      <Text size="xs" c="var(--hoglet-quiet)">
        {told}
      </Text>
    </div>
  )
}
