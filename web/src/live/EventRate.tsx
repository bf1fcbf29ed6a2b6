import { Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { eventsPerMinuteQuery } from '@/api/liveEvent'
import { Chart } from '@/components/chart/Chart'
import { exact } from '@/components/format'
import { LoadingChart } from '@/components/Loading'
import { useProjectId } from '@/components/useProject'

const POLL_MS = 5_000
const HEIGHT_PX = 104

/** How many events came in each minute of the last half hour. Left out where it cannot be told. */
export function EventRate({ isPaused }: { isPaused: boolean }) {
  const found = useQuery({
    ...eventsPerMinuteQuery(useProjectId()),
    refetchInterval: isPaused ? false : POLL_MS,
  })
  const minutes = found.data
  const x = useMemo(() => (minutes ?? []).map(one => one.minute), [minutes])
  const series = useMemo(
    () => [{ id: 'events', name: 'Events', data: (minutes ?? []).map(one => one.count) }],
    [minutes],
  )
  if (found.error) return null
  const last = minutes?.at(-2)?.count ?? 0
  const sum = (minutes ?? []).reduce((all, one) => all + one.count, 0)
  return (
    <Card padding="sm">
      <Group gap="lg" wrap="nowrap" align="center">
        <Stack gap={0} miw={110}>
          <Text fz={26} fw={600} lh={1.2} className="tabular">
            {minutes ? exact(last) : '–'}
          </Text>
          <Text size="xs" c="var(--hoglet-quiet)">
            in the last full minute
          </Text>
          <Text size="xs" c="var(--hoglet-quiet)" className="tabular">
            {exact(sum)} in half an hour
          </Text>
        </Stack>
        <div style={{ flex: 1, minWidth: 0 }}>
          {minutes ? (
            <Chart
              label="Events a minute"
              kind="bar"
              x={x}
              series={series}
              interval="minute"
              height={HEIGHT_PX}
              lastIsIncomplete
            />
          ) : (
            <LoadingChart height={HEIGHT_PX} />
          )}
        </div>
      </Group>
    </Card>
  )
}
