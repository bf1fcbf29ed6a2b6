import { Tooltip } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { useAnnotations } from '@/api/annotation'
import type { Tile, TileInsight } from '@/api/dashboard'
import { errorText } from '@/api/errors'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { LoadingChart } from '@/components/Loading'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { InsightResult } from '@/insights/InsightResult'
import { rangeTold } from './rangeTold'
import { TileFrame } from './TileFrame'
import classes from './TileFrame.module.css'
import { type Over, tileAnswerQuery, tileName } from './tileAnswer'
import { useInView } from './useInView'

interface Props {
  tile: Tile
  insight: TileInsight
  over: Over
  dashboardId: number
  /** Of what is drawn, in pixels. */
  height: number
  menu?: ReactNode
  isArranging?: boolean
}

/** An insight on a dashboard: what is kept at once, then what is new; asked for when it comes into sight. */
export function InsightTile({ tile, insight, over, dashboardId, height, menu, isArranging }: Props) {
  const projectId = useProjectId()
  const { ref, seen } = useInView<HTMLDivElement>()
  const found = useQuery({
    ...tileAnswerQuery(projectId, tile, over),
    enabled: seen && insight.query !== null,
  })
  const annotations = useAnnotations({ insightId: insight.id, dashboardId }, 'newest')
  const notes = useMemo(() => ({ annotations }), [annotations])
  const name = tileName(insight)
  const range = rangeTold(insight, { ...over.filters, ...tile.filters_overrides })
  return (
    <TileFrame
      tile={tile}
      label={name}
      name={
        // A link would be followed when the tile that it is dragged by is let go.
        isArranging ? (
          <span className={classes.name}>{name}</span>
        ) : (
          <Tooltip label={insight.description || name} multiline maw={360}>
            <Link
              to={'/project/$projectId/insights/$shortId' as '/project/$projectId/events'}
              params={{ projectId, shortId: insight.short_id } as { projectId: string }}
              className={classes.name}
              draggable={false}
            >
              {name}
            </Link>
          </Tooltip>
        )
      }
      told={
        <>
          {range}
          {found.data?.last_refresh && (
            <>
              {range && ' · '}
              <TimeAgo value={found.data.last_refresh} />
            </>
          )}
        </>
      }
      menu={menu}
      isArranging={isArranging}
      isFetching={found.isFetching && found.data !== undefined}
      failure={found.error && found.data ? errorText(found.error) : undefined}
    >
      <div ref={ref} style={{ minHeight: '100%' }}>
        {tile.show_description && insight.description && (
          <p className={classes.told} style={{ whiteSpace: 'normal', margin: '0 0 8px' }}>
            {insight.description}
          </p>
        )}
        {found.data ? (
          <InsightResult
            query={insight.query}
            result={found.data}
            size="tile"
            height={height}
            label={name}
            notes={notes}
          />
        ) : found.error ? (
          <ErrorState error={found.error} onRetry={() => void found.refetch()} compact />
        ) : insight.query ? (
          <LoadingChart height={height} />
        ) : (
          <EmptyState icon={IconChartDots} title="This insight asks nothing">
            Open it to choose what it shows.
          </EmptyState>
        )}
      </div>
    </TileFrame>
  )
}
