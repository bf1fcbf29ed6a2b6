/** A rule while it is written: what the form holds, and what is sent. */
import type { Assignee, Severity } from '@/api/issue'
import type { FilterGroup, Rule, RuleGiven, RuleKind } from '@/api/issueRule'
import type { PropertyFilter } from '@/api/propertyFilter'
import { isComplete } from '@/components/operators'

export interface Draft {
  description: string
  /** Whether all conditions must hold, or one of them. */
  type: 'AND' | 'OR'
  filters: PropertyFilter[]
  assignee: Assignee | null
  severity: Severity
  /** Out of a hundred exceptions so many are dropped. */
  dropped: number
}

const HUNDRED = 100
const EMPTY: Draft = {
  description: '',
  type: 'AND',
  filters: [],
  assignee: null,
  severity: 'high',
  dropped: HUNDRED,
}

/** Conditions without groups in them, and how they go together; null if it is more than that. */
export function conditionsOf(group: FilterGroup): Pick<Draft, 'type' | 'filters'> | null {
  const { type, values } = group
  const groups = values.filter(isGroup)
  if (groups.length === 0) return { type, filters: values as PropertyFilter[] }
  const [only] = groups
  return only && values.length === 1 ? conditionsOf(only) : null
}

function isGroup(one: FilterGroup | PropertyFilter): one is FilterGroup {
  return one.type === 'AND' || one.type === 'OR'
}

export function draftOf(rule: Rule | null): Draft {
  if (!rule) return EMPTY
  return {
    ...EMPTY,
    ...conditionsOf(rule.filters),
    description: rule.description ?? '',
    assignee: rule.assignee ?? null,
    severity: rule.severity ?? EMPTY.severity,
    dropped: Math.round((rule.sampling_rate ?? 1) * HUNDRED * HUNDRED) / HUNDRED,
  }
}

/** What a rule of the kind is sent as. */
export function givenOf(kind: RuleKind, draft: Draft): RuleGiven {
  return {
    filters: { type: draft.type, values: draft.filters.filter(isComplete) },
    description: draft.description.trim() || null,
    ...(kind === 'assignment' && { assignee: draft.assignee }),
    ...(kind === 'grouping' && { assignee: draft.assignee }),
    ...(kind === 'severity' && { severity: draft.severity }),
    ...(kind === 'suppression' && { sampling_rate: draft.dropped / HUNDRED }),
  }
}

/** What is missing before it can be saved. */
export function missingOf(kind: RuleKind, draft: Draft): string | null {
  if (kind !== 'suppression' && !draft.filters.some(isComplete)) return 'Add a condition.'
  if (kind === 'assignment' && !draft.assignee) return 'Choose who it is assigned to.'
  if (kind === 'suppression' && !(draft.dropped >= 0 && draft.dropped <= HUNDRED)) {
    return 'The share is from 0 to 100 per cent.'
  }
  return null
}

/** The list with one of its things a place further up or down. */
export function moved<T>(list: readonly T[], from: number, by: -1 | 1): T[] {
  const to = from + by
  const [one, other] = [list[from], list[to]]
  if (one === undefined || other === undefined) return [...list]
  return list.map((each, at) => (at === from ? other : at === to ? one : each))
}
