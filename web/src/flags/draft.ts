/** A flag as it is being written, and its two roads: from what the API tells, to what it is told. */
import type {
  Flag,
  FlagBucketing,
  FlagChange,
  FlagCondition,
  FlagDefinition,
  FlagFilters,
  FlagRuntime,
} from '@/api/flag'
import type { PropertyFilter } from '@/api/propertyFilter'

export type FlagKind = 'boolean' | 'multivariate' | 'remote'

export interface ConditionDraft {
  /** Names it while it moves about; nobody else knows it. */
  id: string
  properties: PropertyFilter[]
  rollout: number
  variant: string | null
  /** The type of group that it looks at; null: persons. */
  groupType: number | null
  description: string
  /** What only others write, kept as it came. */
  others: Record<string, unknown>
}

export interface VariantDraft {
  id: string
  key: string
  name: string
  rollout: number
  payload: string
}

/** Who gets `holdout-<id>` before anything else is asked: the same people in every flag. */
export interface HoldoutDraft {
  id: number
  /** The share of people, in percent. */
  exclusion: number
  payload: string
}

export interface FlagDraft {
  key: string
  description: string
  active: boolean
  kind: FlagKind
  variants: VariantDraft[]
  /** What goes with a flag that is simply on, and what remote configuration delivers. */
  payload: string
  conditions: ConditionDraft[]
  earlyExit: boolean
  /** Who said yes or no to an early access feature gets that. */
  enrollment: boolean
  holdout: HoldoutDraft | null
  continuity: boolean
  runtime: FlagRuntime
  contexts: string[]
  bucketing: FlagBucketing
  encrypted: boolean
  tags: string[]
}

/** How the API shows a payload that it keeps encrypted. Sending it back keeps it. */
export const REDACTED = '"********* (encrypted)"'
const WHOLE = 100
let made = 0

export function newId(): string {
  made += 1
  return `new-${made}`
}

export function newCondition(rollout = WHOLE): ConditionDraft {
  return { id: newId(), properties: [], rollout, variant: null, groupType: null, description: '', others: {} }
}

export function newVariants(): VariantDraft[] {
  return ['control', 'test'].map(key => ({ id: newId(), key, name: '', rollout: 50, payload: '' }))
}

export function emptyDraft(): FlagDraft {
  return {
    key: '',
    description: '',
    active: true,
    kind: 'boolean',
    variants: [],
    payload: '',
    conditions: [newCondition()],
    earlyExit: false,
    enrollment: false,
    holdout: null,
    continuity: false,
    runtime: 'all',
    contexts: [],
    bucketing: 'distinct_id',
    encrypted: false,
    tags: [],
  }
}

export function draftOf(flag: FlagDefinition & { tags?: string[] }): FlagDraft {
  const { filters } = flag
  const variants = filters.multivariate?.variants ?? []
  const payloads = filters.payloads ?? {}
  return {
    key: flag.key,
    description: flag.name,
    active: flag.active,
    kind: flag.is_remote_configuration ? 'remote' : variants.length > 0 ? 'multivariate' : 'boolean',
    variants: variants.map(one => ({
      id: newId(),
      key: one.key,
      name: one.name ?? '',
      rollout: one.rollout_percentage,
      payload: payloads[one.key] ?? '',
    })),
    payload: payloads.true ?? '',
    conditions: (filters.groups ?? []).map(one => conditionOf(one, filters)),
    earlyExit: filters.early_exit ?? false,
    enrollment: filters.feature_enrollment ?? false,
    holdout: holdoutOf(filters),
    continuity: flag.ensure_experience_continuity ?? false,
    runtime: flag.evaluation_runtime ?? 'all',
    contexts: flag.evaluation_contexts,
    bucketing: flag.bucketing_identifier ?? 'distinct_id',
    encrypted: flag.has_encrypted_payloads,
    tags: flag.tags ?? [],
  }
}

function holdoutOf({ holdout, payloads }: FlagFilters): HoldoutDraft | null {
  if (!holdout) return null
  const { id, exclusion_percentage: exclusion } = holdout
  return { id, exclusion, payload: payloads?.[`holdout-${id}`] ?? '' }
}

function conditionOf(group: FlagCondition, filters: FlagFilters): ConditionDraft {
  const {
    properties,
    rollout_percentage: rollout,
    variant,
    aggregation_group_type_index: own,
    description,
    ...others
  } = group
  return {
    id: newId(),
    properties: properties ?? [],
    rollout: rollout ?? WHOLE,
    variant: variant ?? null,
    groupType: groupTypeOf(group, filters),
    description: description ?? '',
    others,
  }
}

/** What a condition looks at: its own word if it has one, else the flag's. */
export function groupTypeOf(group: FlagCondition, filters: FlagFilters): number | null {
  if ('aggregation_group_type_index' in group) return group.aggregation_group_type_index ?? null
  return filters.aggregation_group_type_index ?? null
}

/** A copy to start another flag from. What is encrypted does not leave its flag. */
export function copyOf(flag: Flag): FlagDraft {
  const draft = draftOf(flag)
  const shown = (payload: string) => (payload === REDACTED ? '' : payload)
  return {
    ...draft,
    key: `${draft.key}-copy`,
    payload: shown(draft.payload),
    variants: draft.variants.map(one => ({ ...one, payload: shown(one.payload) })),
    holdout: draft.holdout && { ...draft.holdout, payload: shown(draft.holdout.payload) },
  }
}

/** Everything of the draft, as the API takes it. `before` has what the editor does not know. */
export function bodyOf(draft: FlagDraft, before?: Flag): FlagChange {
  return {
    key: draft.key.trim(),
    name: draft.description,
    active: draft.active,
    filters: filtersOf(draft, before?.filters ?? {}),
    ensure_experience_continuity: draft.continuity,
    evaluation_runtime: draft.runtime,
    evaluation_contexts: draft.contexts,
    bucketing_identifier: draft.bucketing,
    is_remote_configuration: draft.kind === 'remote',
    has_encrypted_payloads: draft.kind === 'remote' && draft.encrypted,
    tags: draft.tags,
  }
}

/** Only what the draft makes different, so that others' changes of the rest are kept. */
export function changeOf(draft: FlagDraft, before: Flag): FlagChange {
  const now = bodyOf(draft, before)
  const then = bodyOf(draftOf(before), before)
  const changed = Object.entries(now).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(then[name as keyof FlagChange]),
  )
  return Object.fromEntries(changed)
}

export function isChanged(draft: FlagDraft, before: FlagDraft): boolean {
  return JSON.stringify(bodyOf(draft)) !== JSON.stringify(bodyOf(before))
}

function filtersOf(draft: FlagDraft, before: FlagFilters): FlagFilters {
  const { early_exit: wasEarly, feature_enrollment: wasEnrolled, holdout: wasHeldOut, ...kept } = before
  const whole = wholeGroupType(draft.conditions, before)
  return {
    ...kept,
    groups: draft.conditions.map(one => groupOf(one, whole, draft)),
    multivariate:
      draft.kind === 'multivariate'
        ? {
            variants: draft.variants.map(one => ({
              key: one.key.trim(),
              ...(one.name && { name: one.name }),
              rollout_percentage: one.rollout,
            })),
          }
        : null,
    payloads: payloadsOf(draft),
    aggregation_group_type_index: whole,
    ...((draft.earlyExit || wasEarly) && { early_exit: draft.earlyExit }),
    ...((draft.enrollment || wasEnrolled) && { feature_enrollment: draft.enrollment }),
    ...(draft.holdout && {
      holdout: { ...wasHeldOut, id: draft.holdout.id, exclusion_percentage: draft.holdout.exclusion },
    }),
  }
}

/** What all conditions look at; where they differ, each says it of itself. */
function wholeGroupType(conditions: ConditionDraft[], before: FlagFilters): number | null {
  const first = conditions[0]
  if (first && conditions.every(one => one.groupType === first.groupType)) return first.groupType
  return before.aggregation_group_type_index ?? null
}

function groupOf(one: ConditionDraft, whole: number | null, draft: FlagDraft): FlagCondition {
  const offered = draft.kind === 'multivariate' && draft.variants.some(other => other.key === one.variant)
  return {
    ...one.others,
    properties: one.properties,
    rollout_percentage: one.rollout,
    variant: offered ? one.variant : null,
    ...(one.groupType !== whole && { aggregation_group_type_index: one.groupType }),
    ...(one.description && { description: one.description }),
  }
}

function payloadsOf(draft: FlagDraft): Record<string, string> {
  const found: Record<string, string> = {}
  if (draft.holdout?.payload.trim()) found[`holdout-${draft.holdout.id}`] = draft.holdout.payload
  if (draft.kind === 'multivariate') {
    for (const one of draft.variants) if (one.payload.trim()) found[one.key.trim()] = one.payload
  } else if (draft.payload.trim()) found.true = draft.payload
  return found
}
