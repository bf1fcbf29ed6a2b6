/** From the answers of funnels to what is shown. */
import { duration, exact } from '@/components/format'
import type { InsightQuery } from '../query/insightQuery'
import { type ConversionTimes, type FunnelStep, type InsightAnswer, itemsOf } from './answers'
import { breakdownName } from './names'

export type FunnelView = 'steps' | 'time_to_convert' | 'trends'

export function funnelView(query: InsightQuery): FunnelView {
  const view = query.funnelsFilter?.funnelVizType
  return view === 'time_to_convert' || view === 'trends' ? view : 'steps'
}

export interface FunnelSplit {
  name: string
  steps: FunnelStep[]
}

/** One list of steps for each value of the breakdown; a single one without. */
export function splitsOf(answer: InsightAnswer): FunnelSplit[] {
  const items = itemsOf<FunnelStep | FunnelStep[]>(answer)
  if (items.length === 0) return []
  if (!Array.isArray(items[0])) return [{ name: '', steps: items as FunnelStep[] }]
  return (items as FunnelStep[][]).map(steps => ({ name: breakdownName(steps[0]?.breakdown_value), steps }))
}

export interface StepNumbers {
  count: number
  dropped: number
  /** Of the first step, in percent. */
  ofAll: number
  /** Of the step before, in percent. */
  ofPrevious: number
}

export function numbersOf(steps: FunnelStep[], index: number): StepNumbers {
  const count = steps[index]?.count ?? 0
  const before = steps[index - 1]?.count ?? count
  return {
    count,
    dropped: Math.max(before - count, 0),
    ofAll: share(count, steps[0]?.count ?? 0),
    ofPrevious: index === 0 ? 100 : share(count, before),
  }
}

export function share(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0
}

export function percent(value: number): string {
  return `${exact(Math.round(value * 100) / 100)}%`
}

export interface TimeBin {
  label: string
  count: number
}

/** The last bin only says where the one before it ends. */
export function timeBins(answer: InsightAnswer): { bins: TimeBin[]; average: number | null } {
  const found = answer.results as Partial<ConversionTimes> | null
  const bins = Array.isArray(found?.bins) ? found.bins : []
  const shown = bins.map(([from, count], index) => {
    const to = bins[index + 1]?.[0]
    return { label: to === undefined ? `${duration(from)}+` : `${duration(from)}–${duration(to)}`, count }
  })
  const last = shown.at(-1)
  if (shown.length > 1 && last?.count === 0) shown.pop()
  return { bins: shown, average: found?.average_conversion_time ?? null }
}
