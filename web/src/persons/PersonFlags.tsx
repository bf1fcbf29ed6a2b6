import { Anchor, Badge, NativeSelect, Stack, Text } from '@mantine/core'
import { IconFlag } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Evaluated, evaluationReasonsQuery, flagsQuery } from '@/api/flag'
import type { Person } from '@/api/person'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { personRoute } from './routes'

/** What somebody gets of every flag now, and why. */
export function PersonFlags({ person }: { person: Person }) {
  const projectId = useProjectId()
  const [state, change] = useUrlState(personRoute)
  const distinctId =
    person.distinct_ids.find(one => one === state.distinct_id) ?? person.distinct_ids[0] ?? person.id
  const found = useQuery(evaluationReasonsQuery(projectId, distinctId, {}))
  const flags = useQuery(flagsQuery(projectId))
  const ids = new Map(flags.data?.results.map(flag => [flag.key, flag.id]))
  return (
    <Stack gap="md">
      {person.distinct_ids.length > 1 && (
        <NativeSelect
          label="As distinct id"
          size="xs"
          maw={420}
          data={person.distinct_ids}
          value={distinctId}
          onChange={event => change({ distinct_id: event.currentTarget.value })}
        />
      )}
      <DataTable
        label="Feature flags"
        rows={found.data && Object.entries(found.data)}
        rowKey={([key]) => key}
        loading={found.isPending}
        error={found.error}
        onRetry={() => found.refetch()}
        minWidth={520}
        columns={[
          {
            id: 'key',
            header: 'Flag',
            cell: ([key]) => {
              const id = ids.get(key)
              return id === undefined ? (
                key
              ) : (
                <Anchor
                  component={Link}
                  inherit
                  to="/project/$projectId/flags/$flagId"
                  params={{ projectId, flagId: String(id) } as never}
                >
                  {key}
                </Anchor>
              )
            },
          },
          { id: 'value', header: 'Gets', width: 160, cell: ([, one]) => <Gets value={one.value} /> },
          {
            id: 'reason',
            header: 'Why',
            cell: ([, one]) => <Text inherit>{why(one)}</Text>,
          },
        ]}
        empty={
          <EmptyState icon={IconFlag} title="No feature flags yet">
            Flags that are turned on are told here, with the reason for what this person gets.
          </EmptyState>
        }
      />
    </Stack>
  )
}

function Gets({ value }: { value: boolean | string }) {
  if (value === false) {
    return (
      <Badge variant="default" tt="none">
        Off
      </Badge>
    )
  }
  return (
    <Badge variant="light" tt="none">
      {value === true ? 'On' : value}
    </Badge>
  )
}

function why(one: Evaluated): string {
  return one.evaluation.description || one.evaluation.reason.replace(/_/g, ' ')
}
