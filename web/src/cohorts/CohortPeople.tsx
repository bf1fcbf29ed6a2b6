import { ActionIcon, Button, Group, Stack, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserMinus, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { type Cohort, isCalculating, removeFromCohort } from '@/api/cohort'
import { keys } from '@/api/keys'
import type { Person } from '@/api/person'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { ExportMenu } from '@/components/ExportMenu'
import { notifyFailed } from '@/components/notify'
import { PropertyColumns } from '@/components/PropertyColumns'
import { PropertyFilters } from '@/components/PropertyFilters'
import { SearchInput } from '@/components/SearchInput'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { personColumns } from '@/persons/personColumns'
import { columnsOf, orderOf, personsQuery, sortOf } from '@/persons/personsQuery'
import { usePersons } from '@/persons/usePersons'
import { useMay } from '@/session/roles'
import { AddPeople } from './AddPeople'
import { cohortRoute } from './routes'

/** Who is in a cohort now. */
export function CohortPeople({ cohort }: { cohort: Cohort }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const mayChange = useMay('member') && cohort.is_static
  const [state, change] = useUrlState(cohortRoute)
  const [adding, { open, close }] = useDisclosure(false)
  const asked = {
    ...state,
    properties: [
      { type: 'cohort' as const, key: 'id', operator: 'in', value: cohort.id },
      ...(state.properties ?? []),
    ],
  }
  const calculating = isCalculating(cohort)
  const found = usePersons(asked)
  const { refetch } = found
  const was = useRef(calculating)
  useEffect(() => {
    if (was.current && !calculating) void refetch()
    was.current = calculating
  }, [calculating, refetch])
  const changed = () => {
    void client.invalidateQueries({ queryKey: keys.all(projectId, 'cohorts') })
    void refetch()
  }
  const remove = (person: Person) =>
    removeFromCohort(projectId, cohort.id, person.id).then(changed, notifyFailed)
  const names = columnsOf(state)
  const narrowed = Boolean(state.search || state.properties?.length)
  const add = mayChange && (
    <Button variant="default" leftSection={<IconUserPlus size={14} aria-hidden />} onClick={open}>
      Add people
    </Button>
  )
  return (
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
        <Group gap="xs" ml="auto">
          {add}
          <PropertyColumns
            value={names}
            onChange={columns => change({ columns })}
            tab={{ source: 'person' }}
          />
          <ExportMenu query={personsQuery(asked, { whole: false })} />
        </Group>
      </Group>
      <DataTable
        label="People"
        columns={[
          ...personColumns(names),
          ...(mayChange
            ? [
                {
                  id: 'remove',
                  header: '',
                  width: 48,
                  cell: (person: Person) => (
                    <Tooltip label="Take out">
                      <ActionIcon aria-label={`Take ${person.name} out`} onClick={() => remove(person)}>
                        <IconUserMinus size={16} />
                      </ActionIcon>
                    </Tooltip>
                  ),
                },
              ]
            : []),
        ]}
        rows={found.rows}
        rowKey={person => person.id}
        loading={found.isPending}
        refreshing={found.isPlaceholderData || (found.isRefetching && !found.isFetchingNextPage)}
        error={found.error}
        onRetry={() => found.refetch()}
        sort={sortOf(state)}
        onSort={sort => change({ order: orderOf(sort) })}
        hasMore={found.hasNextPage}
        onMore={() => found.fetchNextPage()}
        loadingMore={found.isFetchingNextPage}
        minWidth={480 + names.length * 130}
        empty={
          <EmptyState
            icon={IconUsers}
            title={
              narrowed ? 'Nobody matches' : calculating ? 'Its people are being found' : 'Nobody is in it'
            }
            action={narrowed ? undefined : add}
          >
            {narrowed
              ? 'Take a filter away, or search for a part of a name or address.'
              : cohort.is_static
                ? 'Choose persons, or upload a list of distinct ids or addresses.'
                : 'Nobody matches the criteria now.'}
          </EmptyState>
        }
      />
      {adding && (
        <AddPeople
          cohort={cohort}
          onClose={close}
          onAdded={() => {
            close()
            changed()
          }}
        />
      )}
    </Stack>
  )
}
