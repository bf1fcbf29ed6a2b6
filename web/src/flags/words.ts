/** A flag at a glance: its kind and its roll-out in a few words. */
import type { Flag, FlagDefinition, FlagStatus } from '@/api/flag'
import { filterWords } from '@/components/operators'
import { groupTypeOf } from './draft'

export function kindOf(flag: FlagDefinition): string {
  if (flag.is_remote_configuration) return 'Remote config'
  const variants = flag.filters.multivariate?.variants.length ?? 0
  return variants > 0 ? `${variants} variants` : 'Boolean'
}

/** `100% of everybody`, `25% where plan = pro`, `3 conditions, up to 50%`. */
export function rolloutWords(flag: FlagDefinition): string {
  const groups = flag.filters.groups ?? []
  if (groups.length === 0) return 'Nobody'
  const share = (one: { rollout_percentage?: number | null }) => one.rollout_percentage ?? 100
  const open = groups.filter(one => !one.properties?.length)
  if (open.some(one => share(one) === 100)) {
    return `100% of ${everybody(flag)}`
  }
  const [only] = groups
  if (groups.length === 1 && only) {
    if (!only.properties?.length) return `${share(only)}% of ${everybody(flag)}`
    const [first, ...more] = only.properties
    const { subject, words, value } = filterWords(first as never)
    const rest = more.length > 0 ? ` and ${more.length} more` : ''
    return `${share(only)}% where ${[subject, words, value].filter(Boolean).join(' ')}${rest}`
  }
  const most = Math.max(...groups.map(share))
  return `${groups.length} conditions, up to ${most}%`
}

/** The types of groups that any of its conditions looks at. */
export function groupTypesOf(flag: FlagDefinition): Set<number> {
  const groups = flag.filters.groups ?? []
  const found = groups.flatMap(one => [
    groupTypeOf(one, flag.filters),
    ...(one.properties ?? []).map(filter => filter.group_type_index ?? null),
  ])
  return new Set(found.filter(one => one !== null))
}

function everybody(flag: FlagDefinition): string {
  return flag.filters.aggregation_group_type_index == null ? 'everybody' : 'groups'
}

export const STATUS_WORDS: Readonly<Record<FlagStatus, string>> = {
  ACTIVE: 'Active',
  INACTIVE: 'Off',
  STALE: 'Stale',
  ARCHIVED: 'Archived',
  DELETED: 'Deleted',
}

export const STATUS_COLORS: Readonly<Record<FlagStatus, string>> = {
  ACTIVE: 'teal',
  INACTIVE: 'gray',
  STALE: 'orange',
  ARCHIVED: 'gray',
  DELETED: 'red',
}

export function statusHint(flag: Pick<Flag, 'status'>): string | undefined {
  return flag.status === 'STALE' ? 'Not evaluated for 30 days: it may be taken out of the code' : undefined
}
