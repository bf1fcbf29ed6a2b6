import { Button, Group, Stack } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { ExportMenu } from '@/components/ExportMenu'
import { PageHeader } from '@/components/PageHeader'
import { PropertyColumns } from '@/components/PropertyColumns'
import { PropertyFilters } from '@/components/PropertyFilters'
import { SearchInput } from '@/components/SearchInput'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { personColumns } from './personColumns'
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
          columns={personColumns(names)}
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
