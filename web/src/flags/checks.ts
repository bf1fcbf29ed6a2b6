/** What is wrong with a draft, told while it is typed. The server has the last word. */
import type { FlagDraft, VariantDraft } from './draft'
import { jsonPlace } from './jsonPlace'

const KEY = /^[A-Za-z0-9_-]+$/
const KEY_CHARACTERS_MAX = 400
const TOLERANCE = 1e-6

export function keyProblem(key: string): string | null {
  if (!key.trim()) return 'A flag needs a key.'
  if (!KEY.test(key.trim())) return 'Letters, numbers, hyphens and underscores only.'
  if (key.trim().length > KEY_CHARACTERS_MAX) return `At most ${KEY_CHARACTERS_MAX} characters.`
  return null
}

/** What a name becomes as a key: `New check-out!` → `new-check-out`. */
export function keyFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

export function variantProblem(variants: readonly VariantDraft[], index: number): string | null {
  const key = variants[index]?.key.trim() ?? ''
  if (!key) return 'A variant needs a key.'
  if (variants.some((one, at) => at !== index && one.key.trim() === key))
    return 'There is another of this key.'
  return null
}

export function sharesTotal(variants: readonly VariantDraft[]): number {
  return rounded(variants.reduce((sum, one) => sum + one.rollout, 0))
}

export function sharesProblem(variants: readonly VariantDraft[]): string | null {
  const total = variants.reduce((sum, one) => sum + one.rollout, 0)
  if (Math.abs(total - 100) <= TOLERANCE) return null
  return `The shares are ${rounded(total)}% together; they must be 100%.`
}

/** Shares as even as whole numbers allow; what is over goes to the first ones. */
export function distributed(variants: readonly VariantDraft[]): VariantDraft[] {
  const base = Math.floor(100 / variants.length)
  const over = 100 - base * variants.length
  return variants.map((one, index) => ({ ...one, rollout: base + (index < over ? 1 : 0) }))
}

export interface JsonProblem {
  message: string
  line: number
  column: number
}

/** Where and why a text is no JSON. Nothing at all is no problem. */
export function jsonProblem(text: string): JsonProblem | null {
  if (!text.trim()) return null
  const at = jsonPlace(text)
  if (at === null) return null
  const before = text.slice(0, at).split('\n')
  const found = text[at]
  const message = found === undefined ? 'More JSON is expected' : `“${found}” cannot stand here`
  return { message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** Whether it is worth asking the server. */
export function isSendable(draft: FlagDraft): boolean {
  if (keyProblem(draft.key)) return false
  if (draft.holdout && jsonProblem(draft.holdout.payload)) return false
  if (draft.kind !== 'multivariate') return !jsonProblem(draft.payload)
  return (
    draft.variants.length > 0 &&
    !sharesProblem(draft.variants) &&
    draft.variants.every((one, index) => !variantProblem(draft.variants, index) && !jsonProblem(one.payload))
  )
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
