/** What a new insight begins with, and what stays when its kind is changed. */
import {
  type InsightKind,
  type InsightQuery,
  isBuilt,
  type RetentionEntity,
  type SeriesNode,
} from './insightQuery'

const PAGEVIEW: SeriesNode = { kind: 'EventsNode', event: '$pageview', name: '$pageview' }

export function newQuery(kind: InsightKind): InsightQuery {
  return changedKind({ kind: '', series: [PAGEVIEW] }, kind)
}

/** The same question as far as the other kind can ask it: series, filters, time and breakdown stay. */
export function changedKind(query: InsightQuery, kind: InsightKind): InsightQuery {
  const series = query.series ?? seriesOfRetention(query)
  const shared: InsightQuery = {
    kind,
    ...(query.dateRange && { dateRange: query.dateRange }),
    ...(query.properties !== undefined && { properties: query.properties }),
    ...(query.filterTestAccounts !== undefined && { filterTestAccounts: query.filterTestAccounts }),
  }
  const interval = query.interval && { interval: query.interval }
  const breakdown = query.breakdownFilter && { breakdownFilter: query.breakdownFilter }
  switch (kind) {
    case 'TrendsQuery':
      return {
        ...shared,
        ...interval,
        ...breakdown,
        series: series.map(plain),
        ...(query.compareFilter && { compareFilter: query.compareFilter }),
        trendsFilter: query.trendsFilter ?? { display: 'ActionsLineGraph' },
      }
    case 'FunnelsQuery': {
      const steps = series.map(one => withoutMath(plain(one)))
      return {
        ...shared,
        ...breakdown,
        series:
          steps.length > 1 ? steps : [...steps, { kind: 'EventsNode', event: null, name: 'All events' }],
        funnelsFilter: query.funnelsFilter ?? { funnelVizType: 'steps' },
      }
    }
    case 'RetentionQuery': {
      const entity = entityOf(series[0] ?? PAGEVIEW)
      return {
        ...shared,
        retentionFilter: query.retentionFilter ?? {
          period: 'Day',
          totalIntervals: 8,
          targetEntity: entity,
          returningEntity: entity,
          retentionType: 'retention_first_time',
        },
      }
    }
    case 'PathsQuery':
      return {
        ...shared,
        pathsFilter: query.pathsFilter ?? { includeEventTypes: ['$pageview'], stepLimit: 5 },
      }
    case 'StickinessQuery':
      return { ...shared, ...interval, series: series.map(one => withoutMath(plain(one))) }
    case 'LifecycleQuery':
      return { ...shared, ...interval, series: series.slice(0, 1).map(one => withoutMath(plain(one))) }
  }
}

export function isInsightQuery(given: object): given is InsightQuery {
  const { kind } = given as { kind?: unknown }
  if (typeof kind !== 'string' || !isBuilt(kind)) return false
  const query = given as InsightQuery
  const isListed = kind !== 'RetentionQuery' && kind !== 'PathsQuery'
  if (isListed && !Array.isArray(query.series)) return false
  return (query.series ?? []).every(one => typeof one === 'object' && one !== null)
}

function plain({ optionalInFunnel: _, ...one }: SeriesNode): SeriesNode {
  return one
}

export function withoutMath(one: SeriesNode): SeriesNode {
  return Object.fromEntries(Object.entries(one).filter(([name]) => !name.startsWith('math'))) as SeriesNode
}

export function entityOf(node: SeriesNode): RetentionEntity {
  const isAction = node.kind === 'ActionsNode'
  return {
    id: isAction ? node.id : (node.event ?? null),
    type: isAction ? 'actions' : 'events',
    name: node.name ?? undefined,
    ...(node.properties?.length && { properties: node.properties }),
  }
}

export function nodeOf(entity: RetentionEntity | null | undefined): SeriesNode {
  if (!entity) return PAGEVIEW
  const shared = {
    name: entity.name ?? (entity.id === null || entity.id === undefined ? 'All events' : String(entity.id)),
    ...(entity.properties?.length && { properties: entity.properties }),
  }
  if (entity.type === 'actions') return { kind: 'ActionsNode', id: Number(entity.id), ...shared }
  return {
    kind: 'EventsNode',
    event: entity.id === null || entity.id === undefined ? null : String(entity.id),
    ...shared,
  }
}

function seriesOfRetention(query: InsightQuery): SeriesNode[] {
  const target = query.retentionFilter?.targetEntity
  return target ? [nodeOf(target)] : [PAGEVIEW]
}
