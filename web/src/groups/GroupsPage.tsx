import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBuilding, IconSettings } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { propertyDefinitionsQuery } from '@/api/definition'
import { groupTypeNames, groupTypesQuery } from '@/api/group'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { ExportMenu } from '@/components/ExportMenu'
import { capital } from '@/components/format'
import { LoadingTable } from '@/components/Loading'
import { PageHeader } from '@/components/PageHeader'
import { PropertyColumns } from '@/components/PropertyColumns'
import { PropertyFilters } from '@/components/PropertyFilters'
import { SearchInput } from '@/components/SearchInput'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { GroupsTable } from './GroupsTable'
import { GroupTypesDialog } from './GroupTypesDialog'
import { groupsQuery } from './groupsQuery'
import { groupsRoute } from './routes'

const DEFAULT_COLUMNS_MAX = 4

export function GroupsPage() {
  const projectId = useProjectId()
  const [state, change] = useUrlState(groupsRoute)
  const types = useQuery(groupTypesQuery(projectId))
  const mayChange = useMay('member')
  const [naming, { open, close }] = useDisclosure(false)
  const type = types.data?.find(one => one.group_type_index === state.type) ?? types.data?.[0]
  const known = useQuery({
    ...propertyDefinitionsQuery(projectId, {
      type: 'group',
      group_type_index: type?.group_type_index,
      limit: 20,
    }),
    enabled: type !== undefined && state.columns === undefined,
  })
  const columns =
    state.columns ??
    (known.data?.results ?? [])
      .filter(one => !one.hidden && one.name !== 'name')
      .slice(0, DEFAULT_COLUMNS_MAX)
      .map(one => one.name)
  return (
    <>
      <PageHeader
        title="Groups"
        description="Companies, teams, or whatever else people act for"
        actions={
          type && (
            <>
              {mayChange && (
                <Button variant="default" leftSection={<IconSettings size={14} aria-hidden />} onClick={open}>
                  Group types
                </Button>
              )}
              <PropertyColumns
                value={columns}
                onChange={chosen => change({ columns: chosen })}
                tab={{ source: 'group', groupTypeIndex: type.group_type_index }}
              />
              <ExportMenu query={groupsQuery(type.group_type_index, state, columns)} />
            </>
          )
        }
      />
      {types.error && !types.data ? (
        <ErrorState error={types.error} onRetry={() => types.refetch()} />
      ) : !types.data ? (
        <LoadingTable />
      ) : !type ? (
        <EmptyState icon={IconBuilding} title="No groups yet">
          Call group('company', 'acme') in an SDK to say for whom somebody acts. Up to five types of groups
          are kept.
        </EmptyState>
      ) : (
        <Stack gap="md">
          <Group gap="xs">
            {types.data.length > 1 && (
              <SegmentedControl
                size="xs"
                aria-label="Group type"
                value={String(type.group_type_index)}
                onChange={index =>
                  change({
                    type: Number(index),
                    columns: undefined,
                    properties: undefined,
                    order: undefined,
                  })
                }
                data={types.data.map(one => ({
                  value: String(one.group_type_index),
                  label: capital(groupTypeNames(one)),
                }))}
              />
            )}
            <SearchInput
              label={`Search ${groupTypeNames(type).toLowerCase()}`}
              placeholder="Name or key"
              value={state.search}
              onChange={search => change({ search })}
              w={260}
            />
            <PropertyFilters
              key={type.group_type_index}
              value={state.properties ?? []}
              onChange={properties => change({ properties: properties.length > 0 ? properties : undefined })}
              sources={['group']}
              groupTypeIndex={type.group_type_index}
            />
          </Group>
          <GroupsTable type={type} state={state} onChange={change} columns={columns} />
        </Stack>
      )}
      {naming && types.data && <GroupTypesDialog types={types.data} onClose={close} />}
    </>
  )
}
