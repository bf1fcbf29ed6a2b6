import { useLocalStorage } from '@mantine/hooks'
import { useCallback } from 'react'
import { useProjectId } from '@/components/useProject'
import { type RecentQuery, readRecent, withRecent } from './recent'

/** What was run here lately, project by project. */
export function useRecent() {
  const projectId = useProjectId()
  const [recent, setRecent] = useLocalStorage<RecentQuery[]>({
    key: `hoglet-sql-recent-${projectId}`,
    defaultValue: [],
    deserialize: readRecent,
    getInitialValueInEffect: false,
  })
  const note = useCallback(
    (query: string) => setRecent(before => withRecent(before, query, new Date().toISOString())),
    [setRecent],
  )
  const clear = useCallback(() => setRecent([]), [setRecent])
  return { recent, note, clear }
}
