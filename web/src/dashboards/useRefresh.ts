import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Tile } from '@/api/dashboard'
import type { Answer } from '@/api/query'
import { useProjectId } from '@/components/useProject'
import { inTurn } from './inTurn'
import { type Over, tileAnswerQuery } from './tileAnswer'

const AT_ONCE = 4
const MINUTE_MS = 60_000

/** Asks all tiles anew, a few at once; how old the oldest answer is; and both again every few minutes. */
export function useRefresh(tiles: Tile[], over: Over, every_minutes: number | undefined) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [isRefreshing, setRefreshing] = useState(false)
  const running = useRef<AbortController | null>(null)
  const asking = tiles.filter(tile => tile.insight?.query)

  const answers = useQueries({
    queries: asking.map(tile => ({ ...tileAnswerQuery(projectId, tile, over), enabled: false })),
    combine: found => ({
      waiting: found.filter(one => one.isFetching).length,
      oldest: found
        .map(one => (one.data as Answer | undefined)?.last_refresh)
        .filter(one => one !== undefined)
        .sort()[0],
    }),
  })

  const latest = useRef({ asking, over })
  latest.current = { asking, over }
  const refresh = useCallback(async () => {
    if (running.current) return
    const control = new AbortController()
    running.current = control
    setRefreshing(true)
    await inTurn(latest.current.asking, AT_ONCE, control.signal, async tile => {
      const options = tileAnswerQuery(projectId, tile, latest.current.over, 'force_blocking')
      // A tile tells its own failure.
      await client.fetchQuery({ ...options, initialData: undefined, staleTime: 0 }).catch(() => {})
    })
    running.current = null
    if (!control.signal.aborted) setRefreshing(false)
  }, [client, projectId])

  useEffect(() => {
    if (!every_minutes) return
    const timer = setInterval(() => {
      if (!document.hidden) void refresh()
    }, every_minutes * MINUTE_MS)
    return () => clearInterval(timer)
  }, [every_minutes, refresh])

  useEffect(
    () => () => {
      running.current?.abort()
      running.current = null
    },
    [],
  )

  return { refresh, isRefreshing, count: asking.length, ...answers }
}
