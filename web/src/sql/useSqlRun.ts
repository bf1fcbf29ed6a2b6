import { useCallback, useEffect, useRef, useState } from 'react'
import { isAborted } from '@/api/errors'
import { ask, type Progress, type RowsAnswer } from '@/api/query'
import { useProjectId } from '@/components/useProject'
import type { SqlQuery } from './visualization'

export interface SqlAnswer extends RowsAnswer {
  clickhouse?: string
}

export interface SqlRun {
  answer: SqlAnswer | undefined
  /** The question that the answer is for. */
  asked: SqlQuery | undefined
  took_ms: number | undefined
  error: Error | null
  isRunning: boolean
  startedAt_ms: number | undefined
  progress: Progress | null
  wasCancelled: boolean
}

const NOTHING: SqlRun = {
  answer: undefined,
  asked: undefined,
  took_ms: undefined,
  error: null,
  isRunning: false,
  startedAt_ms: undefined,
  progress: null,
  wasCancelled: false,
}

/** Runs one query at a time: another run, `cancel` and leaving the page call it off, on the server too. */
export function useSqlRun() {
  const projectId = useProjectId()
  const [state, setState] = useState<SqlRun>(NOTHING)
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [])

  const run = useCallback(
    async (query: SqlQuery) => {
      current.current?.abort()
      const controller = new AbortController()
      current.current = controller
      const start = performance.now()
      setState(before => ({
        ...before,
        isRunning: true,
        startedAt_ms: start,
        error: null,
        progress: null,
        wasCancelled: false,
      }))
      const settle = (changed: Partial<SqlRun>) => {
        if (current.current !== controller) return
        setState(before => ({ ...before, isRunning: false, progress: null, ...changed }))
      }
      try {
        const answer = await ask<SqlAnswer>(
          projectId,
          { ...query, explain: true },
          {
            refresh: 'force_async',
            signal: controller.signal,
            onProgress: progress =>
              current.current === controller && setState(before => ({ ...before, progress })),
          },
        )
        settle({ answer, asked: query, took_ms: performance.now() - start })
      } catch (error) {
        if (isAborted(error)) settle({ wasCancelled: true })
        else settle({ error: error as Error, asked: query })
      }
    },
    [projectId],
  )
  const cancel = useCallback(() => current.current?.abort(), [])
  return { ...state, run, cancel }
}
