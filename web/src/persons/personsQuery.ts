/** From what the address of the list says to the question, and from the answer to persons. */
import type { Person } from '@/api/person'
import type { PropertyFilter } from '@/api/propertyFilter'
import type { AnyQuery } from '@/api/query'
import type { Sort } from '@/components/DataTable'
import { identifier } from '@/components/hogql'
import { isComplete } from '@/components/operators'

export interface PersonsState {
  search?: string
  properties?: PropertyFilter[]
  /** Names of properties. */
  columns?: string[]
  /** `created_at`, or `p:` and the name of a property; a `-` before it turns it round. */
  order?: string
}

export const DEFAULT_COLUMNS: readonly string[] = ['name', '$geoip_country_name', '$os', '$browser']
export const PAGE_ROWS = 100
const NEWEST: Sort = { id: 'created_at', descending: true }

export function columnsOf(state: PersonsState): readonly string[] {
  return state.columns ?? DEFAULT_COLUMNS
}

export function sortOf(state: PersonsState): Sort {
  if (!state.order) return NEWEST
  const descending = state.order.startsWith('-')
  const id = descending ? state.order.slice(1) : state.order
  return id === 'created_at' || id.startsWith('p:') ? { id, descending } : NEWEST
}

/** What the address says for it; nothing for the usual order. */
export function orderOf(sort: Sort): string | undefined {
  if (sort.id === NEWEST.id && sort.descending) return undefined
  return `${sort.descending ? '-' : ''}${sort.id}`
}

/** The list; or what a file of it holds. */
export function personsQuery(state: PersonsState, { whole = true } = {}): AnyQuery {
  const sort = sortOf(state)
  const by = sort.id.startsWith('p:') ? property(sort.id.slice(2)) : sort.id
  const columns = columnsOf(state).map(property)
  return {
    kind: 'ActorsQuery',
    select: whole ? ['person'] : ['id', 'properties.email', ...without(columns), 'created_at'],
    ...(state.search && { search: state.search }),
    properties: state.properties?.filter(isComplete) ?? [],
    orderBy: [`${by} ${sort.descending ? 'DESC' : 'ASC'}`, 'id ASC'],
  }
}

/** Persons of several pages: one that slid to the next page while it was asked for is there once. */
export function personsOf(pages: unknown[][][]): Person[] {
  const found = new Map<string, Person>()
  for (const [row] of pages.flat()) {
    const person = row as Person
    if (!found.has(person.id)) found.set(person.id, { ...person, uuid: person.id })
  }
  return [...found.values()]
}

function property(name: string): string {
  return `properties.${identifier(name)}`
}

function without(columns: string[]): string[] {
  return columns.filter(one => one !== 'properties.email')
}
