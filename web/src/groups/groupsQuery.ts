/** From what the address of the list says to the question, and from the answer to groups. */
import type { Group } from '@/api/group'
import type { PropertyFilter } from '@/api/propertyFilter'
import type { AnyQuery } from '@/api/query'
import type { Sort } from '@/components/DataTable'
import { identifier } from '@/components/hogql'
import { isComplete } from '@/components/operators'

export interface GroupsState {
  search?: string
  properties?: PropertyFilter[]
  /** `created_at`, `key`, `group_name`, or `p:` and the name of a property; a `-` before it turns it round. */
  order?: string
}

export const PAGE_ROWS = 100
const NEWEST: Sort = { id: 'created_at', descending: true }
const COLUMNS: readonly string[] = ['created_at', 'key', 'group_name']

export function sortOf(state: GroupsState): Sort {
  if (!state.order) return NEWEST
  const descending = state.order.startsWith('-')
  const id = descending ? state.order.slice(1) : state.order
  return COLUMNS.includes(id) || id.startsWith('p:') ? { id, descending } : NEWEST
}

/** What the address says for it; nothing for the usual order. */
export function orderOf(sort: Sort): string | undefined {
  if (sort.id === NEWEST.id && sort.descending) return undefined
  return `${sort.descending ? '-' : ''}${sort.id}`
}

/** The list; with `columns` what a file of it holds. */
export function groupsQuery(type: number, state: GroupsState, columns?: readonly string[]): AnyQuery {
  const sort = sortOf(state)
  const by = sort.id.startsWith('p:') ? property(sort.id.slice(2)) : sort.id
  return {
    kind: 'GroupsQuery',
    group_type_index: type,
    select: columns
      ? ['group_name', 'key', ...columns.map(property), 'created_at']
      : ['key', 'created_at', 'properties'],
    ...(state.search && { search: state.search }),
    // Those of another type say nothing of these groups.
    properties: (state.properties ?? []).filter(
      one => isComplete(one) && (one.type !== 'group' || one.group_type_index === type),
    ),
    orderBy: [`${by} ${sort.descending ? 'DESC' : 'ASC'}`, 'key ASC'],
  }
}

/** Groups of several pages: one that slid to the next page while it was asked for is there once. */
export function groupsOf(type: number, pages: unknown[][][]): Group[] {
  const found = new Map<string, Group>()
  for (const [key, createdAt, properties] of pages.flat()) {
    const group = {
      group_type_index: type,
      group_key: String(key),
      created_at: String(createdAt),
      group_properties: (properties ?? {}) as Record<string, unknown>,
    }
    if (!found.has(group.group_key)) found.set(group.group_key, group)
  }
  return [...found.values()]
}

function property(name: string): string {
  return `properties.${identifier(name)}`
}
