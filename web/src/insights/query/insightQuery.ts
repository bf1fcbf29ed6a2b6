/** The questions that the builder makes, as the query API takes them. */
import type { FilterValue, PropertyFilter } from '@/api/propertyFilter'
import type { AnyQuery, DateRangeValue, Interval } from '@/api/query'

export const INSIGHT_KINDS = [
  'TrendsQuery',
  'FunnelsQuery',
  'RetentionQuery',
  'PathsQuery',
  'StickinessQuery',
  'LifecycleQuery',
] as const
export type InsightKind = (typeof INSIGHT_KINDS)[number]

export interface SeriesNode {
  kind: string
  event?: string | null
  id?: number | string
  name?: string | null
  custom_name?: string | null
  math?: string | null
  math_property?: string | null
  math_property_type?: string | null
  math_hogql?: string | null
  math_group_type_index?: number | null
  properties?: PropertyFilter[]
  optionalInFunnel?: boolean
  /** Of an exclusion: the steps between which it must not happen. */
  funnelFromStep?: number
  funnelToStep?: number
  [field: string]: unknown
}

export interface Breakdown {
  property: string | number
  type?: string
  group_type_index?: number | null
  histogram_bin_count?: number | null
  normalize_url?: boolean | null
}

export interface BreakdownFilter {
  breakdown?: FilterValue
  breakdown_type?: string | null
  breakdown_group_type_index?: number | null
  breakdown_limit?: number | null
  breakdown_hide_other_aggregation?: boolean | null
  breakdowns?: Breakdown[] | null
  [field: string]: unknown
}

export interface TrendsFilter {
  display?: string | null
  formula?: string | null
  formulas?: string[] | null
  formulaNodes?: { formula: string; custom_name?: string | null }[] | null
  smoothingIntervals?: number | null
  yAxisScaleType?: string | null
  aggregationAxisFormat?: string | null
  aggregationAxisPostfix?: string | null
  showLegend?: boolean
  [field: string]: unknown
}

export interface FunnelsFilter {
  funnelVizType?: string | null
  funnelOrderType?: string | null
  funnelWindowInterval?: number | null
  funnelWindowIntervalUnit?: string | null
  funnelStepReference?: string | null
  funnelFromStep?: number | null
  funnelToStep?: number | null
  exclusions?: SeriesNode[] | null
  breakdownAttributionType?: string | null
  breakdownAttributionValue?: number | null
  binCount?: number | string | null
  [field: string]: unknown
}

export interface RetentionEntity {
  id?: string | number | null
  type?: string
  name?: string | null
  properties?: PropertyFilter[]
}

export interface RetentionFilter {
  period?: string | null
  totalIntervals?: number | null
  targetEntity?: RetentionEntity | null
  returningEntity?: RetentionEntity | null
  retentionType?: string | null
  retentionReference?: string | null
  cumulative?: boolean | null
  minimumOccurrences?: number | null
  [field: string]: unknown
}

export interface PathsFilter {
  includeEventTypes?: string[] | null
  startPoint?: string | null
  endPoint?: string | null
  excludeEvents?: string[] | null
  stepLimit?: number | null
  edgeLimit?: number | null
  minEdgeWeight?: number | null
  maxEdgeWeight?: number | null
  pathsHogQLExpression?: string | null
  [field: string]: unknown
}

export interface StickinessFilter {
  computedAs?: string | null
  display?: string | null
  stickinessCriteria?: { operator: string; value: number } | null
  [field: string]: unknown
}

export interface InsightQuery extends AnyQuery {
  series?: SeriesNode[]
  dateRange?: DateRangeValue
  interval?: Interval
  properties?: unknown
  filterTestAccounts?: boolean
  aggregation_group_type_index?: number | null
  breakdownFilter?: BreakdownFilter | null
  compareFilter?: { compare?: boolean; compare_to?: string | null } | null
  trendsFilter?: TrendsFilter
  funnelsFilter?: FunnelsFilter
  retentionFilter?: RetentionFilter
  pathsFilter?: PathsFilter
  stickinessFilter?: StickinessFilter
  lifecycleFilter?: { toggledLifecycles?: string[] | null; [field: string]: unknown }
}

export interface KindInfo {
  kind: InsightKind | 'HogQLQuery'
  label: string
  about: string
  /** How the list of insights is narrowed to it. */
  filter: string
}

export const KINDS: readonly KindInfo[] = [
  {
    kind: 'TrendsQuery',
    label: 'Trends',
    about: 'How much something happens, over time or in all',
    filter: 'TRENDS',
  },
  {
    kind: 'FunnelsQuery',
    label: 'Funnel',
    about: 'How many get through a row of steps, and how fast',
    filter: 'FUNNELS',
  },
  { kind: 'RetentionQuery', label: 'Retention', about: 'How many come back, and when', filter: 'RETENTION' },
  {
    kind: 'PathsQuery',
    label: 'Paths',
    about: 'What people do after, or before, something',
    filter: 'PATHS',
  },
  {
    kind: 'StickinessQuery',
    label: 'Stickiness',
    about: 'On how many days people do something',
    filter: 'STICKINESS',
  },
  {
    kind: 'LifecycleQuery',
    label: 'Lifecycle',
    about: 'Who is new, returns, comes back or goes silent',
    filter: 'LIFECYCLE',
  },
  { kind: 'HogQLQuery', label: 'SQL', about: 'Anything, asked in HogQL', filter: 'SQL' },
]

export function kindLabel(kind: string): string {
  return KINDS.find(one => one.kind === kind)?.label ?? kind.replace(/(Query|Node)$/, '')
}

/** The question inside the nodes that wrap it. */
export function sourceOf(query: AnyQuery | null | undefined): InsightQuery | null {
  let found: unknown = query
  for (let depth = 0; depth < 4; depth += 1) {
    if (typeof found !== 'object' || found === null || !('kind' in found)) return null
    const { kind, source } = found as { kind: unknown; source?: unknown }
    if (typeof kind !== 'string') return null
    if (!kind.endsWith('Node') || source === undefined) return found as InsightQuery
    found = source
  }
  return null
}

export function isBuilt(kind: string): kind is InsightKind {
  return INSIGHT_KINDS.some(one => one === kind)
}

/** As it is kept: inside the node it was in before, so that what others wrote there stays. */
export function wrapped(query: InsightQuery, before?: AnyQuery | null): AnyQuery {
  return before?.kind === 'InsightVizNode'
    ? { ...before, source: query }
    : { kind: 'InsightVizNode', source: query }
}

/** A list of conditions that all must hold; `null` for what is nested deeper than the builder shows. */
export function filtersOf(properties: unknown): PropertyFilter[] | null {
  if (properties === undefined || properties === null) return []
  if (Array.isArray(properties)) return properties as PropertyFilter[]
  const group = properties as { type?: string; values?: unknown[] }
  if (!Array.isArray(group.values)) return []
  if (group.type !== 'AND' && group.values.length > 1) return null
  const found: PropertyFilter[] = []
  for (const one of group.values) {
    const isGroup = typeof one === 'object' && one !== null && 'values' in one
    const inner = isGroup ? filtersOf(one) : [one as PropertyFilter]
    if (!inner) return null
    found.push(...inner)
  }
  return found
}
