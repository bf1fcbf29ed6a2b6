import { useMemo } from 'react'
import type { ChartData } from '@/components/chart/series'
import type { ChartNotes } from '@/insights/InsightResult'
import { marksOf, momentAt } from './marks'

/** What a chart over time shows of annotations; nothing for other charts, or where there are neither notes nor a way to add one. */
export function useMarks(
  notes: ChartNotes | undefined,
  { x, interval }: Pick<ChartData, 'x' | 'interval'>,
  zone: string,
) {
  const marks = useMemo(() => {
    if (!notes || !interval) return undefined
    const found = marksOf(notes.annotations, x, interval, zone)
    return found.length > 0 || notes.onAdd ? found : undefined
  }, [notes, x, interval, zone])
  const add = notes?.onAdd
  return { marks, onMark: add && marks && ((at: string) => add(momentAt(at, interval, zone))) }
}
