import { Card, Group, Text, Title } from '@mantine/core'
import { IconFlagQuestion } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { evaluationsQuery, type Flag } from '@/api/flag'
import { Chart } from '@/components/chart/Chart'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { exact } from '@/components/format'
import { LoadingChart } from '@/components/Loading'
import { useProjectId, useTimezone } from '@/components/useProject'
import { evaluationSeries } from './counts'
import { momentOf } from './momentOf'

const HEIGHT_PX = 220

/** What this appliance answered. SDKs that evaluate by themselves are not in it. */
export function EvaluationsCard({ flag, from }: { flag: Flag; from: string }) {
  const projectId = useProjectId()
  const zone = useTimezone()
  const asked = useMemo(() => momentOf(from), [from])
  const found = useQuery({
    ...evaluationsQuery(projectId, flag.id, {
      date_from: asked,
      interval: from === '-24h' ? 'hour' : 'day',
    }),
    placeholderData: keepPreviousData,
  })
  const drawn = useMemo(() => found.data && evaluationSeries(found.data, zone), [found.data, zone])
  return (
    <Card>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2}>Evaluations</Title>
          <Text size="sm" c="var(--hoglet-quiet)">
            What this appliance answered, by outcome
          </Text>
        </div>
        {found.data && (
          <Text fw={600} className="tabular">
            {exact(found.data.total)}
          </Text>
        )}
      </Group>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => found.refetch()} compact />
      ) : !drawn || !found.data ? (
        <LoadingChart height={HEIGHT_PX} />
      ) : drawn.series.length === 0 ? (
        <EmptyState icon={IconFlagQuestion} title="Not asked for in this time">
          Counts appear here within a minute after an SDK asked for the flag.
        </EmptyState>
      ) : (
        <Chart
          label={`Evaluations of ${flag.key}`}
          kind="stacked"
          x={drawn.x}
          series={drawn.series}
          interval={found.data.interval}
          height={HEIGHT_PX}
          legend
          lastIsIncomplete
        />
      )}
    </Card>
  )
}
