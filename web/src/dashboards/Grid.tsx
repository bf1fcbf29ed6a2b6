import type { ReactNode } from 'react'
import type { Tile } from '@/api/dashboard'
import classes from './Grid.module.css'
import { GAP_PX, placed, ROW_PX } from './layout'

interface Props {
  tiles: Tile[]
  /** A tile, with the height in pixels that is left for what it draws. */
  children: (tile: Tile, height: number) => ReactNode
}

// The head of a tile, and what is around its content.
const FRAME_PX = 82

/** Tiles where they lie; one below the other on narrow screens. Plain CSS: nothing here needs the library for dragging. */
export function Grid({ tiles, children }: Props) {
  const byId = new Map(tiles.map(tile => [String(tile.id), tile]))
  return (
    <div className={classes.grid}>
      {placed(tiles).map(({ i, x, y, w, h }) => {
        const tile = byId.get(i)
        return (
          tile && (
            <div
              key={i}
              className={classes.item}
              data-text={tile.text ? true : undefined}
              style={{ '--x': x, '--y': y, '--w': w, '--h': h } as React.CSSProperties}
            >
              {children(tile, roomIn(h))}
            </div>
          )
        )
      })}
    </div>
  )
}

export function roomIn(rows: number): number {
  return rows * ROW_PX + (rows - 1) * GAP_PX - FRAME_PX
}
