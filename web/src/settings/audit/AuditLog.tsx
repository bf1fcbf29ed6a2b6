import { Group, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconShieldCheck } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { activityLogQuery } from '@/api/activity'
import { type AuditEntry, auditLogQuery } from '@/api/organization'
import { ActivityList } from '@/components/ActivityList'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { Time } from '@/components/Time'
import { useProject, useProjectId } from '@/components/useProject'
import { userName } from '@/components/userName'
import { useUrlState } from '@/components/useUrlState'
import { auditRoute } from '../routes'
import { Section } from '../Section'
import { ACTIONS, actionWords, detailWords } from './auditWords'

const WAIT_MS = 300

/** Who came in and what happened to accounts and keys; and what was changed in this project. */
export function AuditLog() {
  const [state, change] = useUrlState(auditRoute)
  const ofProject = state.of === 'project'
  return (
    <Section
      title="Audit log"
      description={
        ofProject
          ? 'What was made and changed in this project.'
          : 'Sign-ins, keys, members and settings of the organisation.'
      }
      action={
        <SegmentedControl
          size="xs"
          aria-label="Log of"
          value={ofProject ? 'project' : 'organization'}
          onChange={of => change({ of: of === 'project' ? 'project' : undefined })}
          data={[
            { value: 'organization', label: 'Organisation' },
            { value: 'project', label: 'This project' },
          ]}
        />
      }
    >
      {ofProject ? <ProjectActivity /> : <OrganizationLog />}
    </Section>
  )
}

function ProjectActivity() {
  const found = useInfiniteQuery(activityLogQuery(useProjectId()))
  return <ActivityList found={found} withKind />
}

function OrganizationLog() {
  const organizationId = useProject().organization
  const [state, change] = useUrlState(auditRoute)
  const [typed, setTyped] = useState(state.email ?? '')
  const search = useDebouncedCallback((email: string) => change({ email: email || undefined }), WAIT_MS)
  const asked = { ...(state.action && { action: state.action }), ...(state.email && { email: state.email }) }
  const found = useInfiniteQuery({
    ...auditLogQuery(organizationId, asked),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <Group gap="xs">
        <Select
          w={240}
          aria-label="Action"
          placeholder="Any action"
          data={Object.entries(ACTIONS).map(([value, label]) => ({ value, label }))}
          value={state.action ?? null}
          onChange={action => change({ action: action ?? undefined })}
          clearable
          searchable
        />
        <TextInput
          w={220}
          aria-label="Address"
          placeholder="ada@example.org"
          value={typed}
          onChange={event => {
            setTyped(event.currentTarget.value)
            search(event.currentTarget.value.trim())
          }}
        />
      </Group>
      <DataTable
        label="Audit log"
        columns={COLUMNS}
        rows={found.data?.pages.flatMap(page => page.results)}
        rowKey={one => String(one.id)}
        loading={found.isPending}
        refreshing={found.isPlaceholderData}
        error={found.error}
        onRetry={() => found.refetch()}
        hasMore={found.hasNextPage}
        onMore={() => found.fetchNextPage()}
        loadingMore={found.isFetchingNextPage}
        minWidth={700}
        empty={
          <EmptyState icon={IconShieldCheck} title="Nothing matches">
            Take a filter away.
          </EmptyState>
        }
      />
    </>
  )
}

const COLUMNS: Column<AuditEntry>[] = [
  { id: 'time', header: 'Time', width: 180, cell: one => <Time value={one.created_at} /> },
  {
    id: 'who',
    header: 'Who',
    cell: one => (
      <Text span inherit title={one.email}>
        {one.user ? userName(one.user) : one.email}
      </Text>
    ),
  },
  {
    id: 'what',
    header: 'What',
    cell: one => (
      <>
        {actionWords(one.action)}
        <Text size="xs" c="var(--hoglet-quiet)" lineClamp={2}>
          {detailWords(one.detail)}
        </Text>
      </>
    ),
  },
  {
    id: 'address',
    header: 'From',
    width: 130,
    cell: one => <span className="monospace">{one.address}</span>,
  },
]
