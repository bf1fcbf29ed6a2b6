/** What to do when a question cannot be answered. */
import { ApiError } from '@/api/errors'

const ADVICE: readonly [RegExp, string][] = [
  [/time ?out|too long|timed out/i, 'Look at a shorter time, a larger interval, or fewer series.'],
  [/memory/i, 'Look at a shorter time, or break down by something with fewer values.'],
  [/formula/i, 'A formula may name the series by their letters, numbers, + − * / and brackets.'],
  [/exclusion/i, 'Change the exclusion, or the steps between which it stands.'],
  [
    /more than \d+ (points|intervals)|too many (points|intervals)/i,
    'Choose a larger interval or a shorter time.',
  ],
]

export function adviceFor(error: unknown): string | null {
  if (!(error instanceof ApiError)) return null
  const found = ADVICE.find(([pattern]) => pattern.test(error.message))
  if (found) return found[1]
  if (error.status === 429) return 'Other queries are running. Wait for them, or cancel one.'
  if (error.status === 400) return 'Change what the message names; the chart follows at once.'
  return null
}
