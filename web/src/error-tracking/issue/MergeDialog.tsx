import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type Issue, type IssueFound, type IssuesAnswer, mergeIssues } from '@/api/issue'
import type { Answer } from '@/api/query'
import { ErrorState } from '@/components/ErrorState'
import { counted } from '@/components/format'
import { LoadingText } from '@/components/Loading'
import { notifyDone, notifyFailed } from '@/components/notify'
import { SearchInput } from '@/components/SearchInput'
import { useProjectId } from '@/components/useProject'
import { useQueryKind } from '@/components/useQueryKind'
import { listQuery } from '../list/listQuery'
import { useSelection } from '../useSelection'
import { useStaleIssues } from '../useStaleIssues'
import { issueName } from '../words'
import { similarQuery } from './questions'

interface Props {
  issue: Issue
  onClose: () => void
}

interface SimilarAnswer extends Answer {
  results: Pick<IssueFound, 'id' | 'name' | 'description'>[]
}

const OFFERED_MAX = 30
const SIMILAR_MAX = 5

/** Chooses issues that are really this one. */
export function MergeDialog({ issue, onClose }: Props) {
  const projectId = useProjectId()
  const stale = useStaleIssues()
  const [q, setQ] = useState<string>()
  const [busy, setBusy] = useState(false)
  const found = useQueryKind<IssuesAnswer>({
    ...listQuery({ q, status: 'all', date_from: '-90d' }),
    volumeResolution: 0,
    limit: OFFERED_MAX,
  })
  const similar = useQueryKind<SimilarAnswer>(similarQuery(issue.id, SIMILAR_MAX))
  const alike = q ? [] : (similar.data?.results ?? [])
  const others =
    found.data && !similar.isLoading
      ? [
          ...alike,
          ...found.data.results.filter(one => one.id !== issue.id && !alike.some(each => each.id === one.id)),
        ]
      : undefined
  const selection = useSelection((others ?? []).map(one => one.id))
  const merge = async () => {
    setBusy(true)
    try {
      await mergeIssues(projectId, issue.id, selection.ids)
      await stale({ moves: true })
      notifyDone(`Merged ${counted(selection.ids.length, 'issue')} into this one.`)
      onClose()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Merge other issues into this one" size="lg">
      <Stack gap="sm">
        <Text size="sm" c="var(--hoglet-quiet)">
          Their exceptions, and those to come, belong to “{issueName(issue)}”. The others are gone;
          fingerprints can be split off again.
        </Text>
        <SearchInput label="Search issues" value={q} onChange={setQ} />
        {found.error && <ErrorState error={found.error} onRetry={found.retry} compact />}
        {!others && !found.error && <LoadingText lines={5} />}
        {others?.length === 0 && (
          <Text c="var(--hoglet-quiet)">No other issue of the last 90 days matches.</Text>
        )}
        <Stack gap="xs" mah={360} style={{ overflowY: 'auto' }}>
          {others?.map(one => (
            <Checkbox
              key={one.id}
              label={alike.includes(one) ? `${issueName(one)} · reads much the same` : issueName(one)}
              description={one.description}
              checked={selection.has(one.id)}
              onChange={() => selection.toggle(one.id)}
              styles={{ body: { overflowWrap: 'anywhere' } }}
            />
          ))}
        </Stack>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} disabled={selection.ids.length === 0} onClick={merge}>
            {selection.ids.length > 0 ? `Merge ${counted(selection.ids.length, 'issue')}` : 'Merge'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
