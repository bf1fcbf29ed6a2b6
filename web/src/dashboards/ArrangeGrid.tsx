import 'react-grid-layout/css/styles.css'
import './arrange.css'
import { type ReactNode, useState } from 'react'
import ReactGridLayout, { type Layout, useContainerWidth } from 'react-grid-layout'
import type { Tile } from '@/api/dashboard'
import { roomIn } from './Grid'
import { COLUMNS, changedPlaces, GAP_PX, type Placed, placed, ROW_PX } from './layout'

interface Props {
  tiles: Tile[]
  onMoved: (places: { id: number; layouts: Record<string, unknown> }[]) => void
  children: (tile: Tile, height: number) => ReactNode
}

/** The grid while it is arranged: tiles are dragged by their heads and sized by their corners. */
export default function ArrangeGrid({ tiles, onMoved, children }: Props) {
  const { width, containerRef, mounted } = useContainerWidth()
  const [sizing, setSizing] = useState<Layout | null>(null)
  const layout = placed(tiles)
  const heights = new Map((sizing ?? layout).map(one => [one.i, one.h]))
  const save = (moved: Layout) => {
    setSizing(null)
    const places = changedPlaces(tiles, moved as unknown as Placed[])
    if (places.length > 0) onMoved(places)
  }
  return (
    <div ref={containerRef as React.RefObject<HTMLDivElement>} className="arrange">
      {mounted && (
        <ReactGridLayout
          layout={layout}
          width={width}
          gridConfig={{
            cols: COLUMNS,
            rowHeight: ROW_PX,
            margin: [GAP_PX, GAP_PX],
            containerPadding: [0, 0],
          }}
          dragConfig={{ handle: '.tile-handle', cancel: 'button' }}
          resizeConfig={{ handles: ['se', 's', 'e'] }}
          onDragStop={save}
          onResize={setSizing}
          onResizeStop={save}
        >
          {layout.map(({ i }) => {
            const tile = tiles.find(one => String(one.id) === i)
            return <div key={i}>{tile && children(tile, roomIn(heights.get(i) ?? 1))}</div>
          })}
        </ReactGridLayout>
      )}
    </div>
  )
}
