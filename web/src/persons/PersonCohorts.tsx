import { Anchor, Text } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Person, personCohortsQuery } from '@/api/person'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { exact } from '@/components/format'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'

export function PersonCohorts({ person }: { person: Person }) {
  const projectId = useProjectId()
  const found = useQuery(personCohortsQuery(projectId, person.id))
  return (
    <DataTable
      label="Cohorts"
      rows={found.data?.results}
      rowKey={cohort => String(cohort.id)}
      loading={found.isPending}
      error={found.error}
      onRetry={() => found.refetch()}
      minWidth={480}
      columns={[
        {
          id: 'name',
          header: 'Name',
          cell: cohort => (
            <Anchor
              component={Link}
              inherit
              to="/project/$projectId/cohorts/$cohortId"
              params={{ projectId, cohortId: String(cohort.id) } as never}
            >
              {cohort.name || `Cohort ${cohort.id}`}
            </Anchor>
          ),
        },
        {
          id: 'kind',
          header: 'Kind',
          width: 110,
          cell: cohort => <Text inherit>{cohort.is_static ? 'Static' : 'Dynamic'}</Text>,
        },
        { id: 'count', header: 'People', width: 110, align: 'right', cell: cohort => exact(cohort.count) },
        {
          id: 'calculated',
          header: 'Calculated',
          width: 150,
          cell: cohort => <TimeAgo value={cohort.last_calculation} />,
        },
      ]}
      empty={
        <EmptyState icon={IconUsersGroup} title="In no cohort">
          Cohorts that are calculated take people in within minutes. A static one takes whoever is put into
          it.
        </EmptyState>
      }
    />
  )
}
