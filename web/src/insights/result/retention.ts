/** From the answer of retention to its matrix and curve. */
import type { RetentionRow } from './answers'
import { share } from './funnel'

/** How many cells of a row lie in the past; later ones are not known yet. */
export function knownCells(row: RetentionRow, index: number, rows: RetentionRow[]): number {
  return Math.max(Math.min(row.values.length, groupOf(row, rows).length - placeOf(row, index, rows)), 1)
}

/** In percent of those who began, or of the cell before. */
export function rate(row: RetentionRow, cell: number, reference: string | null | undefined): number {
  const whole = reference === 'previous' && cell > 0 ? row.values[cell - 1]?.count : row.values[0]?.count
  return share(row.values[cell]?.count ?? 0, whole ?? 0)
}

export interface MeanCell {
  /** In percent, weighted by how many began. */
  rate: number | null
  label: string
}

/** The whole matrix as one row: of all who began early enough to be counted in the cell. */
export function meanRow(rows: RetentionRow[]): MeanCell[] {
  const labels = rows[0]?.values.map(one => one.label) ?? []
  return labels.map((label, cell) => {
    let began = 0
    let back = 0
    rows.forEach((row, index) => {
      if (cell >= knownCells(row, index, rows)) return
      began += row.values[0]?.count ?? 0
      back += row.values[cell]?.count ?? 0
    })
    return { label, rate: began > 0 ? share(back, began) : null }
  })
}

export interface RetentionGroup {
  name: string | null
  rows: { row: RetentionRow; index: number }[]
}

/** One matrix for each value of the breakdown. */
export function groupsOf(rows: RetentionRow[]): RetentionGroup[] {
  const found = new Map<string | null, RetentionGroup>()
  for (const row of rows) {
    const name = row.breakdown_value ?? null
    const group = found.get(name) ?? { name, rows: [] }
    group.rows.push({ row, index: group.rows.length })
    found.set(name, group)
  }
  return [...found.values()]
}

function groupOf(row: RetentionRow, rows: RetentionRow[]): RetentionRow[] {
  return rows.filter(one => (one.breakdown_value ?? null) === (row.breakdown_value ?? null))
}

function placeOf(row: RetentionRow, index: number, rows: RetentionRow[]): number {
  return row.breakdown_value === undefined || row.breakdown_value === null
    ? index
    : groupOf(row, rows).indexOf(row)
}
