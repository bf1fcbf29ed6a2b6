import { Anchor, Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconActivityHeartbeat } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { type Health, healthQuery, type PartState } from '@/api/health'
import { ErrorState } from '@/components/ErrorState'
import { bytes, duration, exact } from '@/components/format'
import { LoadingText } from '@/components/Loading'
import { useProjectId } from '@/components/useProject'
import classes from './HealthCard.module.css'

const PARTS: readonly [string, string][] = [
  ['capture', 'Capture'],
  ['engine', 'Engine'],
  ['store', 'Store'],
  ['catalog', 'Catalog'],
  ['ingest', 'Ingest'],
]
const STATES: Readonly<Record<PartState, { word: string; color: string }>> = {
  ok: { word: 'All is well', color: 'teal' },
  degraded: { word: 'Slower than it should be', color: 'orange' },
  down: { word: 'A part is down', color: 'red' },
}
const WORDS: Readonly<Record<PartState, string>> = { ok: 'works', degraded: 'is slow', down: 'is down' }

/** How the appliance is: its parts, and how far the store is behind what was captured. */
export function HealthCard() {
  const projectId = useProjectId()
  const router = useRouter()
  const found = useQuery(healthQuery())
  const state = found.data && STATES[found.data.status]
  return (
    <Card component="section" aria-labelledby="health">
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Group gap={8} wrap="nowrap">
          <IconActivityHeartbeat size={18} stroke={1.6} aria-hidden />
          <Title order={2} id="health">
            Health
          </Title>
        </Group>
        {state && (
          <Badge variant="dot" color={state.color} tt="none" fw={500} role="status">
            {state.word}
          </Badge>
        )}
      </Group>
      {found.data && !found.error ? (
        <Stack gap="md">
          <Group gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
            {PARTS.map(([part, name]) => (
              <Part key={part} name={name} state={found.data.parts[part]} />
            ))}
          </Group>
          <Figures health={found.data} />
          {'/project/$projectId/settings' in router.routesByPath && (
            <Anchor
              component={Link}
              to={'/project/$projectId/settings' as string}
              params={{ projectId } as never}
              size="sm"
            >
              More about the appliance
            </Anchor>
          )}
        </Stack>
      ) : found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} compact />
      ) : (
        <LoadingText lines={4} />
      )}
    </Card>
  )
}

function Part({ name, state }: { name: string; state: PartState | undefined }) {
  if (!state) return null
  return (
    <li className={classes.part}>
      <span className={classes.dot} data-state={state} aria-hidden />
      {name}
      <span className={classes.hidden}> {WORDS[state]}</span>
    </li>
  )
}

function Figures({ health }: { health: Health }) {
  const { ingest, journal } = health
  const waiting = Object.values(journal).reduce((sum, lane) => sum + lane.backlog_events, 0)
  const size = Object.values(journal).reduce((sum, lane) => sum + lane.bytes, 0)
  return (
    <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="sm">
      <Figure value={ingest.lag_seconds > 0 ? duration(ingest.lag_seconds) : 'none'} told="lag" />
      <Figure value={exact(waiting)} told="waiting" />
      <Figure value={exact(ingest.rows)} told="stored since start" />
      <Figure value={bytes(size)} told="journal" />
    </SimpleGrid>
  )
}

function Figure({ value, told }: { value: string; told: string }) {
  return (
    <div>
      <Text fw={600} className="tabular">
        {value}
      </Text>
      <Text size="xs" c="var(--hoglet-quiet)">
        {told}
      </Text>
    </div>
  )
}
