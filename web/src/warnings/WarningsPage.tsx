import { Badge, Button, CloseButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconCircleCheck, IconRefresh, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ingestionWarningsQuery, type WarningKind } from '@/api/warning'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { exact } from '@/components/format'
import { PageHeader } from '@/components/PageHeader'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { toldOf } from './kinds'
import { warningsRoute } from './routes'
import { Sparkline } from './Sparkline'
import { WarningDetails } from './WarningDetails'

const TYPED_MS = 300

const SEVERITIES: Readonly<Record<string, { label: string; color: string }>> = {
  error: { label: 'Error', color: 'red' },
  warning: { label: 'Warning', color: 'orange' },
  info: { label: 'Note', color: 'gray' },
}

const COLUMNS: Column<WarningKind>[] = [
  {
    id: 'kind',
    header: 'What was noticed',
    cell: kind => (
      <Stack gap={0}>
        <Text span inherit fw={500}>
          {toldOf(kind.type).title}
        </Text>
        <Text span size="xs" c="var(--hoglet-quiet)" className="monospace">
          {kind.type}
        </Text>
      </Stack>
    ),
  },
  {
    id: 'severity',
    header: 'Severity',
    width: 110,
    cell: ({ severity }) => {
      const { label, color } = (Object.hasOwn(SEVERITIES, severity) && SEVERITIES[severity]) || {
        label: severity,
        color: 'gray',
      }
      return (
        <Badge variant="light" color={color} tt="none" fw={500}>
          {label}
        </Badge>
      )
    },
  },
  {
    id: 'days',
    header: 'Last 30 days',
    width: 180,
    cell: kind => <Sparkline values={kind.sparkline} label={`${exact(kind.count)} in the last 30 days`} />,
  },
  { id: 'count', header: 'Count', width: 90, align: 'right', cell: kind => exact(kind.count) },
  { id: 'last', header: 'Last seen', width: 140, cell: kind => <TimeAgo value={kind.lastSeen} /> },
]

export function WarningsPage() {
  const [{ q }, change] = useUrlState(warningsRoute)
  const [typed, setTyped] = useState(q ?? '')
  const settle = useDebouncedCallback((text: string) => change({ q: text.trim() || undefined }), TYPED_MS)
  const found = useQuery({ ...ingestionWarningsQuery(useProjectId(), q), placeholderData: keepPreviousData })
  const type = (text: string) => {
    setTyped(text)
    settle(text)
  }
  return (
    <>
      <PageHeader
        title="Ingestion warnings"
        description="What was wrong with events as they came in, and what to do about it"
        actions={
          <Button
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => found.refetch()}
            loading={found.isRefetching}
          >
            Refresh
          </Button>
        }
      />
      <Stack gap="md">
        <Group>
          <TextInput
            size="xs"
            w={{ base: '100%', xs: 320 }}
            leftSection={<IconSearch size={14} aria-hidden />}
            placeholder="Search kinds, events and distinct ids"
            aria-label="Search warnings"
            value={typed}
            onChange={event => type(event.currentTarget.value)}
            rightSection={
              typed && <CloseButton size="xs" aria-label="Clear the search" onClick={() => type('')} />
            }
          />
        </Group>
        <DataTable
          label="Ingestion warnings"
          columns={COLUMNS}
          rows={found.data}
          rowKey={kind => kind.type}
          loading={found.isPending}
          refreshing={found.isPlaceholderData}
          error={found.error}
          onRetry={() => found.refetch()}
          expanded={kind => <WarningDetails kind={kind} />}
          minWidth={720}
          empty={
            <EmptyState icon={IconCircleCheck} title={q ? 'No warning matches' : 'Nothing was wrong'}>
              {q
                ? 'Search for a part of a kind, an event’s name or a distinct id.'
                : 'In the last 30 days all events came in as they should. Dropped events and refused merges would be told of here.'}
            </EmptyState>
          }
        />
      </Stack>
    </>
  )
}
