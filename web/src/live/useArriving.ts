import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type LiveAsked, newestEventsQuery } from '@/api/liveEvent'
import { useProjectId } from '@/components/useProject'
import { type Arrived, withArrived } from './arriving'

const POLL_MS = 1_000

/** Events as they arrive, while the page is seen and not paused. Another question begins anew. */
export function useArriving(asked: LiveAsked, isPaused: boolean) {
  const projectId = useProjectId()
  const found = useQuery({
    ...newestEventsQuery(projectId, asked),
    refetchInterval: isPaused ? false : POLL_MS,
    enabled: !isPaused,
  })
  const about = JSON.stringify([projectId, asked])
  const [kept, setKept] = useState<{ about: string; rows: readonly Arrived[] }>({ about, rows: [] })
  useEffect(() => {
    const events = found.data
    if (!events) return
    setKept(before => {
      const known = before.about === about ? before.rows : []
      const rows = withArrived(known, events)
      return before.about === about && rows === known ? before : { about, rows }
    })
  }, [found.data, about])
  return {
    rows: kept.about === about ? kept.rows : [],
    isLoading: found.isPending && !isPaused,
    error: found.error,
    retry: () => void found.refetch(),
  }
}
