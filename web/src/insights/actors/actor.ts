/** Rows of an ActorsQuery. */
import type { RowsAnswer } from '@/api/query'
import type { ActorsQuestion } from './questions'

export interface Actor {
  id: string
  type: 'person' | 'group'
  distinctIds: string[]
  properties: Record<string, unknown>
  eventCount?: number
  /** Of retention: how many intervals they were there in. */
  appearances?: number
}

/** In retention only those who are in the cell that was clicked: they come first. */
export function actorsOf(question: ActorsQuestion, answer: Pick<RowsAnswer, 'results' | 'columns'>): Actor[] {
  const at = (name: string) => answer.columns.indexOf(name)
  const [counts, appearances] = [at('event_count'), at('appearances')]
  const cell = question.cell ? at(`day_${question.cell}`) : -1
  return answer.results
    .filter(row => cell < 0 || Boolean(row[cell]))
    .map(row => {
      const one = (row[0] ?? {}) as Record<string, unknown>
      const shown = typeof one === 'object' ? one : { id: one }
      const listed = row[appearances]
      return {
        id: String(shown.id ?? ''),
        type: shown.type === 'group' ? 'group' : 'person',
        distinctIds: Array.isArray(shown.distinct_ids) ? (shown.distinct_ids as string[]) : [],
        properties: (shown.properties ?? {}) as Record<string, unknown>,
        ...(counts >= 0 && { eventCount: Number(row[counts]) }),
        ...(appearances >= 0 && { appearances: Array.isArray(listed) ? listed.length : 0 }),
      }
    })
}
