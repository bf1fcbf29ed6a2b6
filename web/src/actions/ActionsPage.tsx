import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconClick, IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type Action, actionPagesQuery } from '@/api/action'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { PageHeader } from '@/components/PageHeader'
import { SearchInput } from '@/components/SearchInput'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { userName } from '@/components/userName'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { ActionMenu } from './ActionMenu'
import { actionRoute, actionsRoute, newActionRoute } from './routes'
import { stepWords } from './steps'

export function ActionsPage() {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const [state, change] = useUrlState(actionsRoute)
  const found = useInfiniteQuery({
    ...actionPagesQuery(projectId, state),
    placeholderData: keepPreviousData,
  })
  const create = mayChange && (
    <Button
      component={Link}
      to={newActionRoute.to}
      params={{ projectId } as never}
      leftSection={<IconPlus size={14} aria-hidden />}
    >
      New action
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Actions"
        description="Events that mean the same, under one name: clicks, pages, whatever matches"
        actions={create}
      />
      <Stack gap="md">
        <Group gap="xs">
          <SearchInput
            label="Search actions"
            value={state.search}
            onChange={search => change({ search })}
            w={260}
          />
        </Group>
        <DataTable
          label="Actions"
          columns={COLUMNS}
          rows={found.data?.pages.flatMap(page => page.results)}
          rowKey={action => String(action.id)}
          loading={found.isPending}
          refreshing={found.isPlaceholderData}
          error={found.error}
          onRetry={() => found.refetch()}
          onRowClick={action =>
            navigate({ to: actionRoute.to, params: { projectId, actionId: String(action.id) } as never })
          }
          hasMore={found.hasNextPage}
          onMore={() => found.fetchNextPage()}
          loadingMore={found.isFetchingNextPage}
          minWidth={720}
          empty={
            <EmptyState
              icon={IconClick}
              title={state.search ? 'No action matches' : 'No actions yet'}
              action={state.search ? undefined : create}
            >
              {state.search
                ? 'Look for another word.'
                : 'Name what people click or where they go, and use it in insights like an event. Past events count too.'}
            </EmptyState>
          }
        />
      </Stack>
    </>
  )
}

const COLUMNS: Column<Action>[] = [
  { id: 'name', header: 'Name', width: '32%', cell: action => <Name action={action} /> },
  { id: 'steps', header: 'Matches', cell: action => <Steps action={action} /> },
  {
    id: 'created',
    header: 'Made',
    width: 170,
    cell: action => (
      <Stack gap={0}>
        <TimeAgo value={action.created_at} />
        <Text size="xs" c="var(--hoglet-quiet)" truncate maw={160}>
          {userName(action.created_by)}
        </Text>
      </Stack>
    ),
  },
  { id: 'more', header: '', width: 48, cell: action => <ActionMenu action={action} /> },
]

function Name({ action }: { action: Action }) {
  const projectId = useProjectId()
  return (
    <Stack gap={2}>
      <Group gap={6}>
        <Anchor
          component={Link}
          to={actionRoute.to}
          params={{ projectId, actionId: String(action.id) } as never}
          fw={600}
          size="sm"
        >
          {action.name || `Action ${action.id}`}
        </Anchor>
        {action.tags.map(tag => (
          <Badge key={tag} size="sm" variant="default" tt="none" fw={400}>
            {tag}
          </Badge>
        ))}
      </Group>
      {action.description && (
        <Text size="xs" c="var(--hoglet-quiet)" lineClamp={1} maw={360}>
          {action.description}
        </Text>
      )}
    </Stack>
  )
}

function Steps({ action }: { action: Action }) {
  const [first, ...others] = action.steps
  return (
    <Text inherit lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
      {first ? stepWords(first) : 'Nothing yet'}
      {others.length > 0 && `, or ${others.length} more`}
    </Text>
  )
}
