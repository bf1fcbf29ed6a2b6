import { Box } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { LoadingChart } from '@/components/Loading'
import { leftActors, pathActors } from '../actors/questions'
import type { ResultProps } from '../InsightResult'
import type { InsightQuery } from '../query/insightQuery'
import { type InsightAnswer, itemsOf, type PathEdge } from './answers'
import { NoData } from './NoData'

const SankeyCanvas = lazy(() => import('./SankeyCanvas'))
const STEP_PX = 150

interface Props extends ResultProps {
  query: InsightQuery
  result: InsightAnswer
}

export default function PathsResult({ query, result, size, height, label, onActors }: Props) {
  const edges = itemsOf<PathEdge>(result)
  if (edges.length === 0) return <NoData height={height}>No paths lead on from here in this time.</NoData>
  const steps = query.pathsFilter?.stepLimit ?? 5
  const room = size === 'page' ? Math.max(height, 460) : height
  return (
    <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={label}>
      <Box miw={steps * STEP_PX}>
        <Suspense fallback={<LoadingChart height={room} />}>
          <SankeyCanvas
            edges={edges}
            height={room}
            label={label}
            onEdge={onActors && (edge => onActors(pathActors(query, edge)))}
            onNode={onActors && (key => onActors(leftActors(query, key)))}
          />
        </Suspense>
      </Box>
    </Box>
  )
}
