/** An answer in a line: how many rows, whether there are more, and how long it took. */
import { counted, exact } from '@/components/format'
import type { SqlAnswer } from '../useSqlRun'

export function summaryOf(
  answer: Pick<SqlAnswer, 'results' | 'hasMore' | 'columns'>,
  took_ms: number | undefined,
): string {
  const count = answer.results.length
  const rows = answer.hasMore
    ? `The first ${exact(count)} rows; there are more, raise the LIMIT to see them`
    : counted(count, 'row')
  return took_ms === undefined ? rows : `${rows} · ${seconds(took_ms)}`
}

function seconds(took_ms: number): string {
  return took_ms < 1_000 ? `${Math.round(took_ms)} ms` : `${(took_ms / 1_000).toFixed(2)} s`
}
