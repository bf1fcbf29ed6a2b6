import { Stack, Text } from '@mantine/core'
import { IconDatabase } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type PropertyDefinition, propertyDefinitionsQuery } from '@/api/definition'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { useProjectId } from '@/components/useProject'
import { PropertyDefinitionLink } from './DefinitionLink'
import { Tags } from './DefinitionMarks'
import { ListPages } from './ListPages'
import { type ChangeList, type ListState, propertiesAsked } from './listState'
import { typeName } from './propertyTypes'

interface Props {
  state: ListState
  onChange: ChangeList
}

export function PropertyDefinitionList({ state, onChange }: Props) {
  const { of = 'event', group } = state
  const found = useQuery({
    ...propertyDefinitionsQuery(useProjectId(), propertiesAsked(state)),
    placeholderData: keepPreviousData,
  })
  const columns: Column<PropertyDefinition>[] = [
    {
      id: 'name',
      header: 'Property',
      cell: one => (
        <Stack gap={2}>
          <PropertyDefinitionLink definition={one} of={of} group={group} />
          {one.description && (
            <Text span size="xs" c="var(--hoglet-quiet)" lineClamp={1}>
              {one.description}
            </Text>
          )}
        </Stack>
      ),
    },
    {
      id: 'key',
      header: 'Key',
      cell: one => (
        <Text span inherit className="monospace" c="var(--hoglet-quiet)">
          {one.name}
        </Text>
      ),
    },
    { id: 'type', header: 'Type', width: 140, cell: one => typeName(one.property_type) },
    { id: 'tags', header: 'Tags', cell: one => <Tags tags={one.tags} /> },
  ]
  return (
    <Stack gap="sm">
      <DataTable
        label="Property definitions"
        columns={columns}
        rows={found.data?.results}
        rowKey={one => one.id}
        loading={found.isPending}
        refreshing={found.isPlaceholderData}
        error={found.error}
        onRetry={() => found.refetch()}
        minWidth={600}
        empty={
          <EmptyState
            icon={IconDatabase}
            title={state.q ? 'No property matches' : 'No properties were seen yet'}
          >
            {state.q
              ? 'Search for a part of the name.'
              : 'Properties are listed here as soon as an event, a person or a group has them.'}
          </EmptyState>
        }
      />
      <ListPages count={found.data?.count} page={state.page} onPage={page => onChange({ page })} />
    </Stack>
  )
}
