import { IconCircleOff } from '@tabler/icons-react'
import type { DashboardFilters, Tile, TileInsight } from '@/api/dashboard'
import { EmptyState } from '@/components/EmptyState'
import { timeIn } from '@/components/format'
import { rangeTold } from '@/dashboards/rangeTold'
import { TileFrame } from '@/dashboards/TileFrame'
import frame from '@/dashboards/TileFrame.module.css'
import { keptAnswer, tileName } from '@/dashboards/tileAnswer'
import { InsightResult } from '@/insights/InsightResult'

interface Props {
  insight: TileInsight
  /** Absent for an insight that is shared by itself. */
  tile?: Tile
  /** What the dashboard puts over its insights. */
  over?: DashboardFilters
  height: number
  /** The page's heading tells its name already. */
  isAlone?: boolean
}

const NO_TILE: Tile = {
  id: 0,
  insight: null,
  text: null,
  layouts: {},
  color: null,
  order: null,
  filters_overrides: {},
  show_description: null,
}

/** An insight with the answer that came with it; there is nobody who could ask for another one. */
export function SharedInsight({ insight, tile = NO_TILE, over = {}, height, isAlone = false }: Props) {
  const name = tileName(insight)
  const answer = keptAnswer(insight)
  const zone = insight.timezone || 'UTC'
  const range = rangeTold(insight, { ...over, ...tile.filters_overrides })
  const made = insight.last_refresh && `as of ${timeIn(zone, insight.last_refresh, 'minute')} (${zone})`
  return (
    <TileFrame
      tile={tile}
      label={name}
      name={<span className={frame.name}>{isAlone ? range || name : name}</span>}
      told={[!isAlone && range, made].filter(Boolean).join(' · ')}
    >
      {tile.show_description && insight.description && (
        <p className={frame.told} style={{ whiteSpace: 'normal', margin: '0 0 8px' }}>
          {insight.description}
        </p>
      )}
      {answer ? (
        <InsightResult
          query={insight.query}
          result={answer}
          size={isAlone ? 'page' : 'tile'}
          height={height}
          label={name}
        />
      ) : (
        <EmptyState icon={IconCircleOff} title="No answer">
          Its question cannot be answered now.
        </EmptyState>
      )}
    </TileFrame>
  )
}
