import type { DeletedProject } from '@/api/organization'
import { counted } from '@/components/format'

/** How far it is, in words. */
export function removalWords({ state, rows_left }: DeletedProject): string {
  if (state === 'done') return 'All data removed'
  if (state === 'waiting' || rows_left === null) return 'Waiting to begin'
  return `${counted(rows_left, 'row')} left`
}

/** Of a hundred. */
export function removalShare({ state, rows_total, rows_left }: DeletedProject): number {
  if (state === 'done') return 100
  if (!rows_total || rows_left === null) return 0
  return Math.round(((rows_total - rows_left) / rows_total) * 100)
}
