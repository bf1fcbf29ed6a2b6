import { Drawer, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch, IconUsers } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { ExportMenu } from '@/components/ExportMenu'
import { counted, exact } from '@/components/format'
import { actorsColumns } from './actorsColumns'
import { type ActorsQuestion, actorsQuery } from './questions'
import { SaveCohort } from './SaveCohort'
import { useActors } from './useActors'

interface Props {
  /** Who is asked for; `null` closes it. */
  question: ActorsQuestion | null
  onClose: () => void
}

/** Who is behind a number: persons or groups, as a list, a file or a cohort. */
export function ActorsDrawer({ question, onClose }: Props) {
  // Kept while the drawer slides out.
  const [kept, setKept] = useState(question)
  useEffect(() => {
    if (question) setKept(question)
  }, [question])
  return (
    <Drawer
      opened={question !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Text fw={600} span>
          {kept?.title}
        </Text>
      }
    >
      {kept && <Actors key={JSON.stringify(kept)} question={kept} />}
    </Drawer>
  )
}

function Actors({ question }: { question: ActorsQuestion }) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const found = useActors(question, search)
  const isGroups = found.rows?.[0]?.type === 'group'
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <TextInput
          size="xs"
          flex={1}
          miw={160}
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder="Search"
          aria-label="Search them"
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        {!isGroups && found.rows?.length !== 0 && <SaveCohort question={question} />}
        <ExportMenu query={actorsQuery(question, { search })} />
      </Group>
      {found.rows && (
        <Text size="xs" c="var(--hoglet-quiet)" aria-live="polite">
          {found.hasNextPage && 'The first '}
          {isGroups ? counted(found.rows.length, 'group') : counted(found.rows.length, 'person', 'people')}
          {found.missing > 0 && `, ${exact(found.missing)} of them without a profile`}
        </Text>
      )}
      <DataTable
        label="Who is behind it"
        columns={actorsColumns(question, isGroups)}
        rows={found.rows}
        rowKey={row => row.id}
        loading={found.isPending}
        refreshing={found.isPlaceholderData}
        error={found.error}
        onRetry={() => found.refetch()}
        hasMore={found.hasNextPage}
        onMore={() => found.fetchNextPage()}
        loadingMore={found.isFetchingNextPage}
        empty={
          <EmptyState icon={IconUsers} title={search ? 'Nobody matches' : 'Nobody'}>
            {search ? 'Search for another name, email or id.' : 'Nobody is behind this number any more.'}
          </EmptyState>
        }
      />
    </Stack>
  )
}
