import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { flagActivityQuery } from '@/api/activity'
import { type Flag, flagVersionsQuery } from '@/api/flag'
import { ActivityList } from '@/components/ActivityList'
import { ErrorState } from '@/components/ErrorState'
import { LoadingTable } from '@/components/Loading'
import { useProjectId } from '@/components/useProject'
import { VersionCard } from './VersionCard'

/** What the flag was, and who changed it. */
export function HistoryTab({ flag }: { flag: Flag }) {
  const [view, setView] = useState('versions')
  return (
    <Stack gap="md">
      <Group>
        <SegmentedControl
          size="xs"
          aria-label="History as"
          value={view}
          onChange={setView}
          data={[
            { value: 'versions', label: 'Versions' },
            { value: 'activity', label: 'Activity' },
          ]}
        />
      </Group>
      {view === 'versions' ? <Versions flag={flag} /> : <FlagActivity flag={flag} />}
    </Stack>
  )
}

function Versions({ flag }: { flag: Flag }) {
  const projectId = useProjectId()
  const found = useInfiniteQuery(flagVersionsQuery(projectId, flag.id))
  if (found.error) return <ErrorState error={found.error} onRetry={() => found.refetch()} />
  if (!found.data) return <LoadingTable rows={3} />
  const versions = found.data.pages.flatMap(page => page.results)
  return (
    <Stack gap="sm">
      {versions.map((one, index) => (
        <VersionCard key={one.version} flag={flag} version={one} before={versions[index + 1]} />
      ))}
      {found.hasNextPage && (
        <Button variant="default" onClick={() => found.fetchNextPage()} loading={found.isFetchingNextPage}>
          Show more
        </Button>
      )}
    </Stack>
  )
}

function FlagActivity({ flag }: { flag: Flag }) {
  const projectId = useProjectId()
  const found = useInfiniteQuery(flagActivityQuery(projectId, flag.id))
  return <ActivityList found={found} />
}
