import { lazy, Suspense } from 'react'
import type { Annotation } from '@/api/annotation'
import type { AnyQuery } from '@/api/query'
import { LoadingChart } from '@/components/Loading'
import type { ActorsQuestion } from './actors/questions'
import { sourceOf } from './query/insightQuery'
import type { InsightAnswer } from './result/answers'
import { UnknownResult } from './result/UnknownResult'

// One chunk a kind: a dashboard loads the drawings of what it shows.
const TrendsResult = lazy(() => import('./result/TrendsResult'))
const FunnelResult = lazy(() => import('./result/FunnelResult'))
const RetentionResult = lazy(() => import('./result/RetentionResult'))
const PathsResult = lazy(() => import('./result/PathsResult'))
const RowsResult = lazy(() => import('./result/RowsResult'))

/** `page` has its legends, tables and explanations; `tile` is the drawing alone, for a dashboard. */
export type ResultSize = 'page' | 'tile'

/** What happened, for charts over time. */
export interface ChartNotes {
  annotations: Annotation[]
  /** Notes something new, at a moment in ISO 8601. */
  onAdd?: (moment?: string) => void
}

export interface ResultProps {
  size: ResultSize
  /** Of the drawing, in pixels; a tile gives what it has. */
  height: number
  /** What the drawing shows, for screen readers. */
  label: string
  /** With it, points can be clicked to see who is behind them. */
  onActors?: (question: ActorsQuestion) => void
  notes?: ChartNotes
}

interface Props extends Partial<ResultProps> {
  /** As it was asked, or as an insight keeps it: nodes around the question are looked through. */
  query: AnyQuery | null
  /** The answer to exactly this question: of the query API, or `{ results: insight.result, columns, types, timezone }`. */
  result: InsightAnswer
}

const HEIGHTS: Readonly<Record<ResultSize, number>> = { page: 360, tile: 220 }

/**
 * The answer of any insight, drawn.
 *
 * It needs nothing but its props: no project, no session, so that shared pages can use it. Waiting, failing and asking
 * are the caller's.
 */
export function InsightResult({ query, result, size = 'page', height, label, onActors, notes }: Props) {
  const source = sourceOf(query)
  const room = height ?? HEIGHTS[size]
  const shared = { size, height: room, label: label ?? 'Insight', onActors, notes }
  return <Suspense fallback={<LoadingChart height={room} />}>{drawing()}</Suspense>

  function drawing() {
    switch (source?.kind) {
      case 'TrendsQuery':
      case 'StickinessQuery':
      case 'LifecycleQuery':
        return <TrendsResult {...shared} query={source} result={result} />
      case 'FunnelsQuery':
        return <FunnelResult {...shared} query={source} result={result} />
      case 'RetentionQuery':
        return <RetentionResult {...shared} query={source} result={result} />
      case 'PathsQuery':
        return <PathsResult {...shared} query={source} result={result} />
      default:
        return Array.isArray(result.columns) ? (
          <RowsResult {...shared} query={query} result={result} />
        ) : (
          <UnknownResult result={result} />
        )
    }
  }
}
