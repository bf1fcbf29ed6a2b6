/** Where tiles lie: twelve columns on a wide screen, one below the other on a narrow one. */
import type { Tile, TileLayout } from '@/api/dashboard'

export const COLUMNS = 12
export const ROW_PX = 60
export const GAP_PX = 16
const SIZE: Readonly<Record<'insight' | 'text', { w: number; h: number }>> = {
  insight: { w: 6, h: 5 },
  text: { w: 6, h: 2 },
}
const MIN: Readonly<Record<'insight' | 'text', { w: number; h: number }>> = {
  insight: { w: 3, h: 3 },
  text: { w: 2, h: 1 },
}
const MOST_ROWS = 10_000

export interface Placed extends TileLayout {
  /** The tile's number, as the grid names it. */
  i: string
  minW: number
  minH: number
}

type Placeable = Pick<Tile, 'id' | 'insight' | 'layouts'>

/** Every tile at a place of its own, in reading order. What never was placed, or overlaps, goes to where there is room. */
export function placed(tiles: readonly Placeable[]): Placed[] {
  const found: Placed[] = []
  const homeless: Placed[] = []
  for (const tile of tiles) {
    const kept = readLayout(tile)
    if (kept && !found.some(other => overlap(other, kept))) found.push(kept)
    else homeless.push(kept ?? { ...sized(tile), x: 0, y: 0 })
  }
  for (const one of homeless) found.push({ ...one, ...roomFor(found, one) })
  return compacted(found)
}

/** Everything as far up as it goes, in reading order. */
export function compacted(layout: readonly Placed[]): Placed[] {
  const done: Placed[] = []
  for (const one of [...layout].sort(inReadingOrder)) {
    let y = one.y
    while (y > 0 && !done.some(other => overlap(other, { ...one, y: y - 1 }))) y -= 1
    while (done.some(other => overlap(other, { ...one, y }))) y += 1
    done.push({ ...one, y })
  }
  return done.sort(inReadingOrder)
}

/** The first place, from the top, at which something of this size fits. */
export function roomFor(
  taken: readonly TileLayout[],
  { w, h }: { w: number; h: number },
): { x: number; y: number } {
  for (let y = 0; y < MOST_ROWS; y++) {
    for (let x = 0; x + w <= COLUMNS; x++) {
      if (!taken.some(other => overlap(other, { x, y, w, h }))) return { x, y }
    }
  }
  return { x: 0, y: MOST_ROWS }
}

/** Places for something new below everything that is there. */
export function belowAll(tiles: readonly Placeable[], kind: 'insight' | 'text'): { sm: TileLayout } {
  const layout = placed(tiles)
  const size = SIZE[kind]
  const bottom = Math.max(0, ...layout.map(one => one.y + one.h))
  // Beside the last one, where that leaves no hole.
  const lastRow = layout.filter(one => one.y + one.h === bottom)
  const right = Math.max(0, ...lastRow.map(one => one.x + one.w))
  const top = bottom - size.h
  const beside = { x: right, y: top, ...size }
  if (right + size.w <= COLUMNS && top >= 0 && !layout.some(other => overlap(other, beside)))
    return { sm: beside }
  return { sm: { x: 0, y: bottom, ...size } }
}

/** Two neighbours in reading order change places; the others move up. For who does not drag. */
export function swapped(layout: readonly Placed[], id: string, by: -1 | 1): Placed[] {
  const ordered = [...layout].sort(inReadingOrder)
  const at = ordered.findIndex(one => one.i === id)
  const one = ordered[at]
  const other = ordered[at + by]
  if (!one || !other) return ordered
  const [first, second] = by < 0 ? [one, other] : [other, one]
  const top = Math.min(first.y, second.y)
  const isSideBySide = first.w + second.w <= COLUMNS && one.y === other.y
  const left = Math.min(first.x, second.x)
  const changed = isSideBySide
    ? [
        { ...first, x: left, y: top },
        { ...second, x: left + first.w, y: top },
      ]
    : [
        { ...first, x: Math.min(second.x, COLUMNS - first.w), y: second.y },
        { ...second, x: Math.min(first.x, COLUMNS - second.w), y: first.y },
      ]
  const rest = ordered.filter(found => found !== one && found !== other)
  return settled([...changed, ...rest])
}

/** With another width; what no longer fits beside it moves down. */
export function widened(layout: readonly Placed[], id: string, w: number): Placed[] {
  const one = layout.find(found => found.i === id)
  if (!one) return [...layout]
  const changed = { ...one, w, x: Math.min(one.x, COLUMNS - w) }
  return settled([changed, ...layout.filter(found => found !== one)])
}

/** Those whose place differs from what is kept. */
export function changedPlaces(
  tiles: readonly Placeable[],
  layout: readonly Placed[],
): { id: number; layouts: Record<string, unknown> }[] {
  const places = new Map(layout.map(one => [one.i, one]))
  return tiles.flatMap(tile => {
    const now = places.get(String(tile.id))
    const before = readLayout(tile)
    if (
      !now ||
      (before && before.x === now.x && before.y === now.y && before.w === now.w && before.h === now.h)
    )
      return []
    const { x, y, w, h } = now
    return [{ id: tile.id, layouts: { ...tile.layouts, sm: { x, y, w, h } } }]
  })
}

export function inReadingOrder(one: TileLayout, other: TileLayout): number {
  return one.y - other.y || one.x - other.x
}

/** The first ones keep their places, later ones give way downwards. */
function settled(layout: readonly Placed[]): Placed[] {
  const done: Placed[] = []
  for (const one of layout) {
    let y = one.y
    while (done.some(other => overlap(other, { ...one, y }))) y += 1
    done.push({ ...one, y })
  }
  return compacted(done)
}

function sized(tile: Placeable): Omit<Placed, 'x' | 'y'> {
  const kind = tile.insight ? 'insight' : 'text'
  return { i: String(tile.id), ...SIZE[kind], minW: MIN[kind].w, minH: MIN[kind].h }
}

function readLayout(tile: Placeable): Placed | null {
  const kept = tile.layouts.sm
  if (typeof kept !== 'object' || kept === null) return null
  const { x, y, w, h } = kept as Record<string, unknown>
  if (!isCount(x) || !isCount(y) || !isCount(w) || !isCount(h) || w === 0 || h === 0) return null
  const base = sized(tile)
  const width = Math.min(Math.max(w, base.minW), COLUMNS)
  return { ...base, x: Math.min(x, COLUMNS - width), y, w: width, h: Math.max(h, base.minH) }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < MOST_ROWS
}

function overlap(one: TileLayout, other: TileLayout): boolean {
  return (
    one.x < other.x + other.w &&
    other.x < one.x + one.w &&
    one.y < other.y + other.h &&
    other.y < one.y + one.h
  )
}
