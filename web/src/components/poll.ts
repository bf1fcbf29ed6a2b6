/** Looks again and again whether something that was asked for has happened. */

const FIRST_MS = 300
const GROWTH = 1.5
const WAIT_MAX_MS = 3_000
const PATIENCE_MS = 120_000

interface Patience {
  patienceMs?: number
}

/** Whether it happened in time. Who cannot be asked now may be asked at the next look. */
export async function happens(
  isDone: () => Promise<boolean>,
  { patienceMs = PATIENCE_MS }: Patience = {},
): Promise<boolean> {
  let waited = 0
  let wait = FIRST_MS
  for (;;) {
    if (await isDone().catch(() => false)) return true
    if (waited >= patienceMs) return false
    await new Promise(resolve => setTimeout(resolve, wait))
    waited += wait
    wait = Math.min(wait * GROWTH, WAIT_MAX_MS)
  }
}
