/** The cell of a table that keys move. */

export interface Place {
  row: number
  column: number
}

interface Size {
  rows: number
  columns: number
  /** Rows that a page key goes over. */
  page: number
}

/** Where a key leads; `null` for a key that moves nothing. The first key of all leads to the first cell. */
export function moved(from: Place | null, key: string, { rows, columns, page }: Size): Place | null {
  if (rows === 0 || columns === 0) return null
  const { row, column } = from ?? { row: 0, column: 0 }
  const steps: Record<string, Place> = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + page, column },
    PageUp: { row: row - page, column },
    Home: { row, column: 0 },
    End: { row, column: columns - 1 },
  }
  const to = Object.hasOwn(steps, key) ? steps[key] : undefined
  if (!to) return null
  if (!from) return { row: 0, column: 0 }
  return { row: within(to.row, rows), column: within(to.column, columns) }
}

function within(place: number, count: number): number {
  return Math.min(count - 1, Math.max(0, place))
}
