/** Rules about exceptions: of each kind the first that matches counts. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import type { Assignee, Severity } from './issue'
import { keys } from './keys'
import type { Page } from './page'
import type { PropertyFilter } from './propertyFilter'

export const RULE_KINDS = ['suppression', 'grouping', 'assignment', 'severity', 'bypass'] as const
export type RuleKind = (typeof RULE_KINDS)[number]

export interface FilterGroup {
  type: 'AND' | 'OR'
  values: (FilterGroup | PropertyFilter)[]
}

/** With those fields that rules of its kind have. */
export interface Rule {
  id: string
  filters: FilterGroup
  description: string | null
  order_key: number
  assignee?: Assignee | null
  /** The share that is dropped, from 0 to 1. */
  sampling_rate?: number
  severity?: Severity | null
  /** Why it is passed over, since it failed. */
  disabled_data: { message?: string } | null
}

export type RuleGiven = Partial<
  Pick<Rule, 'filters' | 'description' | 'assignee' | 'sampling_rate' | 'severity'>
>

const ROWS = 200
// The kinds have the same routes, each under its own name.
type Paths = '/api/projects/{project_id}/error_tracking/suppression_rules/'
const listOf = (kind: RuleKind) => `/api/projects/{project_id}/error_tracking/${kind}_rules/` as Paths
const oneOf = (kind: RuleKind) => `${listOf(kind)}{id}/` as `${Paths}{id}/`
const at = (projectId: string, id: string) => ({ params: { path: { project_id: projectId, id } } })

export const rulesQuery = (projectId: string, kind: RuleKind) =>
  queryOptions({
    queryKey: keys.list(projectId, 'issue_rules', kind),
    queryFn: ({ signal }) =>
      take<Page<Rule>>(
        api.GET(listOf(kind), {
          params: { path: { project_id: projectId }, query: { limit: ROWS } },
          signal,
        }),
      ),
  })

export function createRule(projectId: string, kind: RuleKind, given: RuleGiven): Promise<Rule> {
  return take<Rule>(
    api.POST(listOf(kind), { params: { path: { project_id: projectId } }, body: given as never }),
  )
}

/** A rule that had failed gets another chance by it. */
export function changeRule(projectId: string, kind: RuleKind, id: string, given: RuleGiven): Promise<Rule> {
  return take<Rule>(api.PATCH(oneOf(kind), { ...at(projectId, id), body: given as never }))
}

export async function deleteRule(projectId: string, kind: RuleKind, id: string): Promise<void> {
  await take<unknown>(api.DELETE(oneOf(kind), at(projectId, id)))
}

/** The rules with these ids, in this order. */
export async function orderRules(projectId: string, kind: RuleKind, ids: readonly string[]): Promise<void> {
  const orders = Object.fromEntries(ids.map((id, place) => [id, place]))
  await take<unknown>(
    api.PATCH(`${listOf(kind)}reorder/` as `${Paths}reorder/`, {
      params: { path: { project_id: projectId } },
      body: { orders } as never,
    }),
  )
}
