import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Spike, spikesQuery } from '@/api/errorSettings'
import { type Column, DataTable } from '@/components/DataTable'
import { exact } from '@/components/format'
import { Time } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { IssueLink } from '../IssueLink'

/** The latest spikes. */
export function SpikesTable() {
  const found = useQuery(spikesQuery(useProjectId()))
  if (found.data?.results.length === 0) {
    return (
      <Text size="sm" c="var(--hoglet-quiet)">
        No issue was spiking yet.
      </Text>
    )
  }
  return (
    <DataTable
      label="Latest spikes"
      columns={COLUMNS}
      rows={found.data?.results}
      rowKey={one => one.id}
      loading={found.isPending}
      error={found.error}
      onRetry={() => found.refetch()}
      minWidth={560}
    />
  )
}

const COLUMNS: Column<Spike>[] = [
  { id: 'issue', header: 'Issue', cell: one => <IssueLink issue={one.issue} /> },
  {
    id: 'count',
    header: 'In five minutes',
    width: 130,
    align: 'right',
    cell: one => exact(one.current_bucket_value),
  },
  {
    id: 'usual',
    header: 'Usual',
    width: 90,
    align: 'right',
    cell: one => exact(one.computed_baseline),
  },
  {
    id: 'when',
    header: 'When',
    width: 180,
    cell: one => <Time value={one.detected_at} precision="minute" />,
  },
]
