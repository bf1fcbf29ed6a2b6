/** What goes along with converting, or with dropping off. */
import type { AnyQuery } from '@/api/query'
import type { InsightQuery } from '../query/insightQuery'
import type { InsightAnswer } from './answers'

export type CorrelationOf = 'events' | 'properties'

export interface Correlation {
  /** As the API names it: `$browser::Chrome` for a property. */
  key: string
  name: string
  converted: number
  dropped: number
  oddsRatio: number
  isSuccess: boolean
}

export function correlationQuery(funnel: InsightQuery, of: CorrelationOf): AnyQuery {
  return {
    kind: 'FunnelCorrelationQuery',
    funnelCorrelationType: of,
    ...(of === 'properties' && { funnelCorrelationNames: ['$all'] }),
    source: { kind: 'FunnelsActorsQuery', source: funnel, funnelStep: 1 },
  }
}

interface Found {
  event: { event: string }
  success_count: number
  failure_count: number
  odds_ratio: number
  correlation_type: string
}

export function correlationsOf(answer: InsightAnswer): { found: Correlation[]; isSkewed: boolean } {
  const results = answer.results as { events?: Found[]; skewed?: boolean } | null
  const found = (results?.events ?? []).map(one => ({
    key: one.event.event,
    name: one.event.event.replace('::', ' = '),
    converted: one.success_count,
    dropped: one.failure_count,
    oddsRatio: one.odds_ratio,
    isSuccess: one.correlation_type === 'success',
  }))
  return { found, isSkewed: results?.skewed ?? false }
}

/** `3.4 times as likely`, whichever way it goes. */
export function oddsWords(one: Correlation): string {
  const ratio = one.isSuccess ? one.oddsRatio : 1 / one.oddsRatio
  const times =
    ratio >= 100 ? 'over 100' : new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(ratio)
  return `${times}× as likely to ${one.isSuccess ? 'convert' : 'drop off'}`
}
