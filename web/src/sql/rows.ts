/** Rows of an answer: what kind their columns are, their order, how wide they are drawn, and cells as text. */

export type CellKind = 'number' | 'boolean' | 'time' | 'json' | 'text'

export interface ResultColumn {
  /** Its place in a row; two columns may have one name. */
  index: number
  name: string
  /** As the store calls it, without what says that it may be NULL. */
  type: string
  kind: CellKind
  width: number
}

export interface ResultSort {
  index: number
  descending: boolean
}

const SAMPLE_ROWS = 100
const CHARACTER_PX = 7.4
const WIDTH_MIN = 80
const WIDTH_MAX = 420
const HEAD_PX = 44

export function columnsOf(names: readonly string[], types: unknown, rows: unknown[][]): ResultColumn[] {
  return names.map((name, index) => {
    const type = plainType(typeAt(types, index))
    return { index, name, type, kind: kindOf(type), width: widthOf(name, type, index, rows) }
  })
}

/** `[[name, type], …]` as HogQLQuery answers, or `[type, …]`. */
function typeAt(types: unknown, index: number): string {
  const one = Array.isArray(types) ? types[index] : undefined
  const found = Array.isArray(one) ? one[1] : one
  return typeof found === 'string' ? found : ''
}

const WRAPPED = /^(?:Nullable|LowCardinality)\((.*)\)$/

export function plainType(type: string): string {
  const inner = WRAPPED.exec(type)?.[1]
  return inner === undefined ? type : plainType(inner)
}

export function kindOf(type: string): CellKind {
  if (/^(?:U?Int|Float|Decimal)/.test(type)) return 'number'
  if (type.startsWith('Bool')) return 'boolean'
  if (/^Date/.test(type)) return 'time'
  return /^(?:Array|Tuple|Map|JSON|Object|Dynamic|Variant)/.test(type) ? 'json' : 'text'
}

function widthOf(name: string, type: string, index: number, rows: unknown[][]): number {
  let characters = Math.max(name.length, Math.min(type.length, 24) * 0.85)
  for (const row of rows.slice(0, SAMPLE_ROWS)) characters = Math.max(characters, cellText(row[index]).length)
  return Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, characters * CHARACTER_PX + HEAD_PX)))
}

/** The cell as it is copied and shown: exactly what came. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** JSON that a text holds, which is how properties come; `undefined` if it is none. */
export function jsonIn(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return value
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** Places of the rows in their order. Nothing comes last, either way. */
export function sorted(rows: unknown[][], sort: ResultSort | undefined): number[] {
  const places = rows.map((_, at) => at)
  if (!sort) return places
  const { index, descending } = sort
  return places.sort((one, other) => {
    const first = rows[one]?.[index]
    const second = rows[other]?.[index]
    if (isNothing(first) || isNothing(second)) return Number(isNothing(first)) - Number(isNothing(second))
    return (descending ? -1 : 1) * compared(first, second) || one - other
  })
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined
}

function compared(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const first = cellText(one)
  const second = cellText(other)
  const numbers = [Number(first), Number(second)] as const
  // Wide integers come as text.
  if (first && second && Number.isFinite(numbers[0]) && Number.isFinite(numbers[1]))
    return numbers[0] - numbers[1]
  return first < second ? -1 : first > second ? 1 : 0
}
