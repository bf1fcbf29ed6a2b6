/** The question as it is sent: without what is only half said. */
import type { PropertyFilter } from '@/api/propertyFilter'
import { isComplete } from '@/components/operators'
import type { InsightQuery, RetentionEntity, SeriesNode } from './insightQuery'
import { isAskable } from './math'

export interface Readiness {
  query: InsightQuery
  /** What must be said before it can be asked. */
  missing: string | null
}

export function readied(query: InsightQuery): Readiness {
  const series = query.series?.map(cleaned)
  const half = query.series?.findIndex(one => !isAskable(one)) ?? -1
  const missing =
    half >= 0
      ? `Series ${letter(half)} needs ${query.series?.[half]?.math === 'hogql' ? 'an expression' : 'a property'} to count.`
      : query.kind === 'FunnelsQuery' && (series?.length ?? 0) < 2
        ? 'A funnel needs two steps at least.'
        : query.series?.length === 0
          ? 'Add a series to count.'
          : null
  return {
    missing,
    query: {
      ...query,
      ...(series && { series }),
      ...(Array.isArray(query.properties) && { properties: complete(query.properties) }),
      ...(query.retentionFilter && {
        retentionFilter: {
          ...query.retentionFilter,
          targetEntity: entity(query.retentionFilter.targetEntity),
          returningEntity: entity(query.retentionFilter.returningEntity),
        },
      }),
    },
  }
}

/** `A`, `B`, … as formulas name series. */
export function letter(index: number): string {
  return String.fromCharCode(65 + (index % 26))
}

function cleaned(node: SeriesNode): SeriesNode {
  return Array.isArray(node.properties) ? { ...node, properties: complete(node.properties) } : node
}

function entity(given: RetentionEntity | null | undefined): RetentionEntity | null | undefined {
  return given?.properties ? { ...given, properties: complete(given.properties) } : given
}

function complete(filters: PropertyFilter[]): PropertyFilter[] {
  return filters.filter(isComplete)
}
