import { Anchor, Badge, Button, Group, Loader, Menu, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconChevronDown, IconUsersGroup } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type Cohort, cohortPagesQuery, isCalculating } from '@/api/cohort'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { exact } from '@/components/format'
import { PageHeader } from '@/components/PageHeader'
import { SearchInput } from '@/components/SearchInput'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { userName } from '@/components/userName'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { CohortMenu } from './CohortMenu'
import { cohortRoute, cohortsRoute, newCohortRoute } from './routes'

export function CohortsPage() {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const [state, change] = useUrlState(cohortsRoute)
  const found = useInfiniteQuery({
    ...cohortPagesQuery(projectId, state),
    placeholderData: keepPreviousData,
  })
  const narrowed = Boolean(state.search || state.type)
  const create = mayChange && <NewCohortMenu projectId={projectId} />
  return (
    <>
      <PageHeader
        title="Cohorts"
        description="People who have something in common, to filter and to aim by"
        actions={create}
      />
      <Stack gap="md">
        <Group gap="xs">
          <SearchInput
            label="Search cohorts"
            value={state.search}
            onChange={search => change({ search })}
            w={260}
          />
          <SegmentedControl
            size="xs"
            aria-label="Kind"
            value={state.type ?? 'all'}
            onChange={type => change({ type: type === 'all' ? undefined : (type as 'static') })}
            data={[
              { value: 'all', label: 'All' },
              { value: 'dynamic', label: 'Dynamic' },
              { value: 'static', label: 'Static' },
            ]}
          />
        </Group>
        <DataTable
          label="Cohorts"
          columns={COLUMNS}
          rows={found.data?.pages.flatMap(page => page.results)}
          rowKey={cohort => String(cohort.id)}
          loading={found.isPending}
          refreshing={found.isPlaceholderData}
          error={found.error}
          onRetry={() => found.refetch()}
          onRowClick={cohort =>
            navigate({ to: cohortRoute.to, params: { projectId, cohortId: String(cohort.id) } as never })
          }
          hasMore={found.hasNextPage}
          onMore={() => found.fetchNextPage()}
          loadingMore={found.isFetchingNextPage}
          minWidth={760}
          empty={
            <EmptyState
              icon={IconUsersGroup}
              title={narrowed ? 'No cohort matches' : 'No cohorts yet'}
              action={narrowed ? undefined : create}
            >
              {narrowed
                ? 'Look for another word, or at all kinds.'
                : 'Say who belongs to one by what they are or did, or upload a list.'}
            </EmptyState>
          }
        />
      </Stack>
    </>
  )
}

function NewCohortMenu({ projectId }: { projectId: string }) {
  const navigate = useNavigate()
  const open = (type?: 'static') =>
    navigate({ to: newCohortRoute.to, params: { projectId } as never, search: { type } as never })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button rightSection={<IconChevronDown size={12} aria-hidden />}>New cohort</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => open()}>By criteria, kept up to date</Menu.Item>
        <Menu.Item onClick={() => open('static')}>A fixed list of people</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const COLUMNS: Column<Cohort>[] = [
  { id: 'name', header: 'Name', cell: cohort => <Name cohort={cohort} /> },
  {
    id: 'kind',
    header: 'Kind',
    width: 110,
    cell: cohort => (
      <Badge variant={cohort.is_static ? 'default' : 'light'} tt="none" fw={500}>
        {cohort.is_static ? 'Static' : 'Dynamic'}
      </Badge>
    ),
  },
  {
    id: 'count',
    header: 'People',
    width: 110,
    align: 'right',
    cell: cohort =>
      isCalculating(cohort) ? <Loader size={14} aria-label="Calculating" /> : exact(cohort.count),
  },
  {
    id: 'calculated',
    header: 'Calculated',
    width: 150,
    cell: cohort => <TimeAgo value={cohort.last_calculation} />,
  },
  {
    id: 'created',
    header: 'Made',
    width: 170,
    cell: cohort => (
      <Stack gap={0}>
        <TimeAgo value={cohort.created_at} />
        <Text size="xs" c="var(--hoglet-quiet)" truncate maw={160}>
          {userName(cohort.created_by)}
        </Text>
      </Stack>
    ),
  },
  { id: 'more', header: '', width: 48, cell: cohort => <CohortMenu cohort={cohort} /> },
]

function Name({ cohort }: { cohort: Cohort }) {
  const projectId = useProjectId()
  return (
    <Stack gap={2}>
      <Anchor
        component={Link}
        to={cohortRoute.to}
        params={{ projectId, cohortId: String(cohort.id) } as never}
        fw={600}
        size="sm"
      >
        {cohort.name || `Cohort ${cohort.id}`}
      </Anchor>
      {cohort.description && (
        <Text size="xs" c="var(--hoglet-quiet)" lineClamp={1} maw={420}>
          {cohort.description}
        </Text>
      )}
    </Stack>
  )
}
