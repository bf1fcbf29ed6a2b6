/** What one version of a flag says that the one before did not. */
import type { FlagDefinition } from '@/api/flag'

export interface Difference {
  /** What it is about, in words. */
  field: string
  before: string
  after: string
}

const FIELDS: readonly [keyof FlagDefinition, string][] = [
  ['key', 'Key'],
  ['name', 'Description'],
  ['active', 'On'],
  ['archived', 'Archived'],
  ['deleted', 'Deleted'],
  ['ensure_experience_continuity', 'Keep the answer at sign-in'],
  ['evaluation_runtime', 'Evaluation runtime'],
  ['bucketing_identifier', 'Roll out by'],
  ['evaluation_contexts', 'Evaluation contexts'],
  ['is_remote_configuration', 'Remote config'],
  ['has_encrypted_payloads', 'Encrypted'],
]
const PARTS: Readonly<Record<string, string>> = {
  multivariate: 'Variants',
  payloads: 'Payloads',
  aggregation_group_type_index: 'Match by group type',
  early_exit: 'Stop at the first set',
  feature_enrollment: 'Early access',
  holdout: 'Holdout',
}

export function differences(before: FlagDefinition, after: FlagDefinition): Difference[] {
  const found: Difference[] = []
  for (const [field, name] of FIELDS) add(found, name, before[field], after[field])
  const earlier = before.filters.groups ?? []
  const later = after.filters.groups ?? []
  for (let index = 0; index < Math.max(earlier.length, later.length); index += 1) {
    add(found, `Condition set ${index + 1}`, earlier[index], later[index])
  }
  const parts = new Set([...Object.keys(before.filters), ...Object.keys(after.filters)])
  parts.delete('groups')
  for (const part of parts) {
    add(found, PARTS[part] ?? part, before.filters[part] ?? null, after.filters[part] ?? null)
  }
  return found
}

function add(found: Difference[], field: string, before: unknown, after: unknown): void {
  const [earlier, later] = [shown(before), shown(after)]
  if (earlier !== later) found.push({ field, before: earlier, after: later })
}

/** Keys in one order, so that only what it says makes a difference. Nothing is nothing in any shape. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object' && Object.keys(value).length === 0) return ''
  if (typeof value === 'string') return value
  return JSON.stringify(sorted(value), null, 2)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  )
}
