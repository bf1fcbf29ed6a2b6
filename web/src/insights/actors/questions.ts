/** Who is behind a number of an insight: the question for the point that was clicked. */
import type { AnyQuery } from '@/api/query'
import { pointLabel } from '@/components/chart/series'
import type { InsightQuery } from '../query/insightQuery'
import type { FunnelOverTime, FunnelStep, PathEdge, RetentionRow, TrendsItem } from '../result/answers'
import { breakdownName, stepName } from '../result/names'
import { isTotal } from '../result/trendsChart'

export interface ActorsQuestion {
  /** What the number is, in words. */
  title: string
  /** The source of an ActorsQuery. */
  source: AnyQuery
  /** Columns besides the actor. */
  columns: string[]
  /** Of retention: only those who were there in this interval after the first, too. */
  cell?: number
}

export function trendsActors(
  query: InsightQuery,
  item: TrendsItem,
  name: string,
  index: number | null,
): ActorsQuestion | null {
  // A formula has no actors of its own.
  if (!item.action) return null
  const { order } = item.action
  const day = isTotal(query) || index === null ? undefined : item.days[index]
  const when = day === undefined ? '' : `, ${pointLabel(String(day), query.interval ?? 'day', true)}`
  const shared = { source: query, series: order }
  if (query.kind === 'StickinessQuery') {
    const label = index === null ? '' : `, ${item.labels[index] ?? ''}`
    const isCumulative = query.stickinessFilter?.computedAs === 'cumulative'
    return {
      title: name + label,
      source: {
        kind: 'StickinessActorsQuery',
        ...shared,
        day: index === null ? 1 : day,
        operator: isCumulative || index === null ? 'gte' : 'exact',
        ...compared(item),
      },
      columns: [],
    }
  }
  if (query.kind === 'LifecycleQuery') {
    if (day === undefined) return null
    const source = { kind: 'InsightActorsQuery', ...shared, day, status: item.status }
    return { title: name + when, source, columns: [] }
  }
  return {
    title: name + when,
    source: {
      kind: 'InsightActorsQuery',
      ...shared,
      ...(day !== undefined && { day }),
      ...(item.breakdown_value !== undefined && { breakdown: item.breakdown_value }),
      ...compared(item),
    },
    columns: ['event_count'],
  }
}

/** `dropped`: those who reached the step before, and not this one. */
export function funnelActors(query: InsightQuery, step: FunnelStep, dropped: boolean): ActorsQuestion {
  const number = step.order + 1
  const value = step.breakdown_value
  const split = value === undefined ? '' : ` · ${breakdownName(value)}`
  return {
    title: `${dropped ? 'Dropped off before' : 'Reached'} ${number}. ${stepName(step)}${split}`,
    source: {
      kind: 'FunnelsActorsQuery',
      source: query,
      funnelStep: dropped ? -number : number,
      ...(value !== undefined && { funnelStepBreakdown: value }),
    },
    columns: [],
  }
}

/** Of a funnel over time: who entered in the interval, and converted or not. */
export function entrants(
  query: InsightQuery,
  item: FunnelOverTime,
  index: number,
  dropped: boolean,
): ActorsQuestion | null {
  const day = item.days[index]
  if (day === undefined) return null
  const value = item.breakdown_value
  const split = value === undefined ? '' : ` · ${breakdownName(value)}`
  return {
    title: `${dropped ? 'Did not convert' : 'Converted'}, ${pointLabel(day, query.interval ?? 'day', true)}${split}`,
    source: {
      kind: 'FunnelsActorsQuery',
      source: query,
      funnelTrendsEntrancePeriodStart: day,
      funnelTrendsDropOff: dropped,
      ...(value !== undefined && { funnelStepBreakdown: value }),
    },
    columns: [],
  }
}

export function retentionActors(
  query: InsightQuery,
  row: RetentionRow,
  index: number,
  cell: number | undefined,
): ActorsQuestion {
  const value = row.breakdown_value ?? null
  const when = row.label + (cell ? `, back in ${row.values[cell]?.label ?? ''}` : '')
  return {
    title: value === null ? when : `${breakdownName(value)} · ${when}`,
    source: {
      kind: 'InsightActorsQuery',
      source: query,
      interval: index,
      ...(value !== null && { breakdown: value }),
    },
    columns: ['appearances'],
    cell,
  }
}

export function pathActors(query: InsightQuery, edge: PathEdge): ActorsQuestion {
  const filter = { ...query.pathsFilter, pathStartKey: edge.source, pathEndKey: edge.target }
  return {
    title: `${itemOf(edge.source)} → ${itemOf(edge.target)}`,
    source: { kind: 'InsightActorsQuery', source: { ...query, pathsFilter: filter } },
    columns: ['event_count'],
  }
}

/** Of paths: whose path ends at a step. */
export function leftActors(query: InsightQuery, key: string): ActorsQuestion {
  const filter = { ...query.pathsFilter, pathDropoffKey: key }
  return {
    title: `Path ended at ${key.slice(0, key.indexOf('_'))}. ${itemOf(key)}`,
    source: { kind: 'InsightActorsQuery', source: { ...query, pathsFilter: filter } },
    columns: ['event_count'],
  }
}

/** Without the number of the step before it. */
export function itemOf(key: string): string {
  return key.replace(/^\d+_/, '')
}

/** The whole question for a page of actors. */
export function actorsQuery(question: ActorsQuestion, more: { search?: string } = {}): AnyQuery {
  const hasCount = question.columns.includes('event_count')
  const cell = question.cell ?? 0
  return {
    kind: 'ActorsQuery',
    source: question.source,
    select: ['actor', ...question.columns, ...(cell > 0 ? [`day_${cell}`] : [])],
    ...(cell > 0 && { orderBy: [`day_${cell} DESC`, 'actor_id ASC'] }),
    ...(hasCount && { orderBy: ['event_count DESC', 'actor_id DESC'] }),
    ...(more.search && { search: more.search }),
  }
}

function compared(item: TrendsItem): { compare?: string } {
  return item.compare_label ? { compare: item.compare_label } : {}
}

/** The question that a static cohort of them is made by; a single cell of retention has none. */
export function cohortQuery(question: ActorsQuestion): AnyQuery | null {
  if (question.cell) return null
  return { kind: 'ActorsQuery', source: question.source, select: ['actor'] }
}
