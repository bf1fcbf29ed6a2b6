/** From what the address of the list says to the question. */
import { type Assignee, type IssueStatus, STATUSES } from '@/api/issue'
import type { PropertyFilter } from '@/api/propertyFilter'
import type { AnyQuery } from '@/api/query'
import type { Sort } from '@/components/DataTable'
import { isComplete } from '@/components/operators'

export const ORDERS = ['last_seen', 'first_seen', 'occurrences', 'users', 'sessions'] as const
export type Order = (typeof ORDERS)[number]

export interface ListState {
  date_from?: string
  date_to?: string
  /** Absent: the active ones. */
  status?: Exclude<IssueStatus, 'active'> | 'all'
  /** A user's number. */
  assignee?: number
  /** Absent: as the project says. */
  tests?: boolean
  q?: string
  properties?: PropertyFilter[]
  /** Absent: those seen last come first. */
  order?: Order
  ascending?: boolean
}

export const DEFAULT_FROM = '-7d'
export const PAGE_ROWS = 50
const BUCKETS = 24

export function listQuery(state: ListState): AnyQuery {
  const { id, descending } = sortOf(state)
  const filters = state.properties?.filter(isComplete) ?? []
  return {
    kind: 'ErrorTrackingQuery',
    dateRange: { date_from: state.date_from ?? DEFAULT_FROM, date_to: state.date_to ?? null },
    status: state.status ?? 'active',
    orderBy: id,
    orderDirection: descending ? 'DESC' : 'ASC',
    filterTestAccounts: state.tests ?? false,
    volumeResolution: BUCKETS,
    withAggregations: true,
    withFirstEvent: false,
    ...(state.assignee !== undefined && { assignee: userOf(state.assignee) }),
    ...(state.q && { searchQuery: state.q }),
    ...(filters.length > 0 && { filterGroup: groupOf(filters) }),
  }
}

export function userOf(id: number): Assignee {
  return { type: 'user', id }
}

/** Conditions that all must hold, as questions and rules take them. */
export function groupOf(filters: readonly PropertyFilter[]) {
  return { type: 'AND', values: [{ type: 'AND', values: [...filters] }] }
}

export function sortOf(state: Pick<ListState, 'order' | 'ascending'>): Sort {
  return { id: state.order ?? 'last_seen', descending: !state.ascending }
}

/** What the address says for it; nothing for the usual order. */
export function orderOf({ id, descending }: Sort): Pick<ListState, 'order' | 'ascending'> {
  const order = ORDERS.find(one => one === id)
  return { order: order === 'last_seen' ? undefined : order, ascending: descending ? undefined : true }
}

/** Whether it leaves out what would else be listed. */
export function isNarrowed(state: ListState): boolean {
  return Boolean(state.q || state.properties?.length || state.assignee !== undefined || state.tests)
}

/** What can be done with issues that have these statuses. */
export function movesFor(statuses: readonly string[]): IssueStatus[] {
  return STATUSES.filter(one => statuses.some(status => status !== one))
}
