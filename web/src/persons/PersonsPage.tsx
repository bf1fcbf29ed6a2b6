import { Button, Group, Stack, Text } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { Person } from '@/api/person'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { PropertyName } from '@/components/EventName'
import { ExportMenu } from '@/components/ExportMenu'
import { PageHeader } from '@/components/PageHeader'
import { PersonLink } from '@/components/PersonLink'
import { PropertyCell } from '@/components/PropertyCell'
import { PropertyColumns } from '@/components/PropertyColumns'
import { PropertyFilters } from '@/components/PropertyFilters'
import { SearchInput } from '@/components/SearchInput'
import { Time } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { columnsOf, orderOf, personsQuery, sortOf } from './personsQuery'
import { personRoute, personsRoute } from './routes'
import { usePersons } from './usePersons'

export function PersonsPage() {
  const [state, change] = useUrlState(personsRoute)
  const projectId = useProjectId()
  const navigate = useNavigate()
  const found = usePersons(state)
  const names = columnsOf(state)
  const isNarrowed = Boolean(state.search || state.properties?.length)
  return (
    <>
      <PageHeader
        title="Persons"
        description="Everybody who did something, known by name or not"
        actions={
          <>
            <PropertyColumns
              value={names}
              onChange={columns => change({ columns })}
              tab={{ source: 'person' }}
            />
            <ExportMenu query={personsQuery(state, { whole: false })} />
          </>
        }
      />
      <Stack gap="md">
        <Group gap="xs">
          <SearchInput
            label="Search persons"
            placeholder="Name, email or distinct id"
            value={state.search}
            onChange={search => change({ search })}
            w={260}
          />
          <PropertyFilters
            value={state.properties ?? []}
            onChange={properties => change({ properties: properties.length > 0 ? properties : undefined })}
            sources={['person', 'cohort', 'hogql']}
          />
        </Group>
        <DataTable
          label="Persons"
          columns={tableColumns(names)}
          rows={found.rows}
          rowKey={person => person.id}
          loading={found.isPending}
          refreshing={found.isPlaceholderData}
          error={found.error}
          onRetry={() => found.refetch()}
          sort={sortOf(state)}
          onSort={sort => change({ order: orderOf(sort) })}
          onRowClick={person =>
            navigate({ to: personRoute.to, params: { projectId, personId: person.id } as never })
          }
          hasMore={found.hasNextPage}
          onMore={() => found.fetchNextPage()}
          loadingMore={found.isFetchingNextPage}
          minWidth={480 + names.length * 130}
          empty={
            <EmptyState
              icon={IconUsers}
              title={isNarrowed ? 'Nobody matches' : 'Nobody was seen yet'}
              action={
                isNarrowed && (
                  <Button
                    variant="light"
                    onClick={() => change({ search: undefined, properties: undefined })}
                  >
                    Show everybody
                  </Button>
                )
              }
            >
              {isNarrowed
                ? 'Take a filter away, or search for a part of a name or address.'
                : 'Persons appear with the first events. Call identify() to know them by name.'}
            </EmptyState>
          }
        />
      </Stack>
    </>
  )
}

function tableColumns(names: readonly string[]): Column<Person>[] {
  return [
    {
      id: 'person',
      header: 'Person',
      cell: person => <PersonLink person={person} distinctId={person.distinct_ids[0] ?? person.id} />,
    },
    { id: 'ids', header: 'Distinct ids', cell: person => <DistinctIds person={person} /> },
    ...names.map(name => ({
      id: `p:${name}`,
      header: <PropertyName name={name} />,
      sortable: true,
      cell: (person: Person) => <PropertyCell value={person.properties[name]} />,
    })),
    {
      id: 'created_at',
      header: 'First seen',
      width: 190,
      sortable: true,
      cell: person => (
        <Text span inherit style={{ whiteSpace: 'nowrap' }}>
          <Time value={person.created_at} precision="minute" />
        </Text>
      ),
    },
  ]
}

/** The first that is not the person's name already, and how many others there are. */
function DistinctIds({ person }: { person: Person }) {
  const [first, ...others] = person.distinct_ids.filter(one => one !== person.name)
  if (!first) return <PropertyCell value={null} />
  return (
    <Group gap={6} wrap="nowrap">
      <Text span inherit truncate maw={180} className="monospace" title={person.distinct_ids.join('\n')}>
        {first}
      </Text>
      {others.length > 0 && (
        <Text span inherit c="var(--hoglet-quiet)">
          +{others.length}
        </Text>
      )}
    </Group>
  )
}
