import { ActionIcon, Button, Group, NativeSelect, Stack, Text, Tooltip } from '@mantine/core'
import { IconMessage2, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Annotation, annotationPagesQuery, changeAnnotation } from '@/api/annotation'
import { keys } from '@/api/keys'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { notifyFailed } from '@/components/notify'
import { notifyUndo } from '@/components/notifyUndo'
import { PageHeader } from '@/components/PageHeader'
import { SearchInput } from '@/components/SearchInput'
import { Time } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { userName } from '@/components/userName'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { AnnotationDialog } from './AnnotationDialog'
import { annotationsRoute } from './routes'
import { scopeWords } from './scopes'

export function AnnotationsPage() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const mayChange = useMay('member')
  const [state, change] = useUrlState(annotationsRoute)
  const [editing, setEditing] = useState<Annotation | 'new' | null>(state.new && mayChange ? 'new' : null)
  const { search, scope } = state
  const found = useInfiniteQuery({
    ...annotationPagesQuery(projectId, { search, scope }),
    placeholderData: keepPreviousData,
  })
  const narrowed = Boolean(search || scope)
  const set = async (one: Annotation, deleted: boolean) => {
    await changeAnnotation(projectId, one.id, { deleted })
    await client.invalidateQueries({ queryKey: keys.all(projectId, 'annotations') })
  }
  const remove = (one: Annotation) =>
    set(one, true).then(
      () => notifyUndo('The annotation is deleted.', () => void set(one, false).catch(notifyFailed)),
      notifyFailed,
    )
  const create = mayChange && (
    <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setEditing('new')}>
      New annotation
    </Button>
  )
  const columns: Column<Annotation>[] = [
    ...COLUMNS,
    ...(mayChange
      ? [
          {
            id: 'more',
            header: '',
            width: 88,
            cell: (one: Annotation) => (
              <Group gap={2} wrap="nowrap">
                <Tooltip label="Edit">
                  <ActionIcon aria-label={`Edit “${shortened(one)}”`} onClick={() => setEditing(one)}>
                    <IconPencil size={16} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label="Delete">
                  <ActionIcon aria-label={`Delete “${shortened(one)}”`} onClick={() => remove(one)}>
                    <IconTrash size={16} />
                  </ActionIcon>
                </Tooltip>
              </Group>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <PageHeader
        title="Annotations"
        description="What happened when: releases, campaigns, outages. Charts show them"
        actions={create}
      />
      <Stack gap="md">
        <Group gap="xs">
          <SearchInput
            label="Search annotations"
            value={search}
            onChange={changed => change({ search: changed })}
            w={260}
          />
          <NativeSelect
            size="xs"
            aria-label="Shown on"
            value={scope ?? ''}
            onChange={event => change({ scope: (event.currentTarget.value || undefined) as typeof scope })}
            data={[
              { value: '', label: 'Shown anywhere' },
              { value: 'project', label: 'On this project' },
              { value: 'organization', label: 'On all projects' },
              { value: 'dashboard', label: 'On a dashboard' },
              { value: 'dashboard_item', label: 'On an insight' },
            ]}
          />
        </Group>
        <DataTable
          label="Annotations"
          columns={columns}
          rows={found.data?.pages.flatMap(page => page.results)}
          rowKey={one => String(one.id)}
          loading={found.isPending}
          refreshing={found.isPlaceholderData}
          error={found.error}
          onRetry={() => found.refetch()}
          hasMore={found.hasNextPage}
          onMore={() => found.fetchNextPage()}
          loadingMore={found.isFetchingNextPage}
          minWidth={720}
          empty={
            <EmptyState
              icon={IconMessage2}
              title={narrowed ? 'No annotation matches' : 'No annotations yet'}
              action={narrowed ? undefined : create}
            >
              {narrowed
                ? 'Look for another word, or anywhere.'
                : 'Note a release or a campaign, and see on every chart what it did.'}
            </EmptyState>
          }
        />
      </Stack>
      {editing !== null && (
        <AnnotationDialog
          key={editing === 'new' ? 'new' : editing.id}
          annotation={editing === 'new' ? undefined : editing}
          at={state.new}
          onClose={() => {
            setEditing(null)
            if (state.new) change({ new: undefined })
          }}
        />
      )}
    </>
  )
}

const COLUMNS: Column<Annotation>[] = [
  {
    id: 'when',
    header: 'When',
    width: 180,
    cell: one => <Time value={one.date_marker} precision="minute" />,
  },
  {
    id: 'content',
    header: 'What happened',
    cell: one => (
      <Text inherit lineClamp={3} style={{ whiteSpace: 'pre-line' }}>
        {one.emoji && `${one.emoji} `}
        {one.content}
      </Text>
    ),
  },
  { id: 'scope', header: 'Shown on', width: 200, cell: scopeWords },
  { id: 'who', header: 'Made by', width: 190, cell: one => userName(one.created_by) },
]

function shortened(one: Annotation): string {
  return (one.content ?? '').slice(0, 40)
}
