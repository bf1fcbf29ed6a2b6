/** The question of a tile: its insight's, with the dashboard's filters over it, and over those the tile's own. */
import { queryOptions } from '@tanstack/react-query'
import type { DashboardFilters, Tile, TileInsight } from '@/api/dashboard'
import { keys } from '@/api/keys'
import { type Answer, type AnyQuery, ask, type Refresh } from '@/api/query'

/** What the page puts over the questions of all tiles. */
export interface Over {
  filters: DashboardFilters
  variables: object
  /** The filters are those that are kept with the dashboard, so the answers that are kept are theirs. */
  isKept: boolean
}

const FRESH_MS = 5 * 60_000

/** `force_blocking` for an answer past what the server keeps. */
export function tileAnswerQuery(projectId: string, tile: Tile, over: Over, refresh: Refresh = 'blocking') {
  const query = tile.insight?.query ?? null
  const filtersOverride = isEmpty({ ...over.filters, ...tile.filters_overrides })
    ? undefined
    : { ...over.filters, ...tile.filters_overrides }
  const variablesOverride = isEmpty(over.variables) ? undefined : over.variables
  const kept = over.isKept && tile.insight ? keptAnswer(tile.insight) : undefined
  return queryOptions({
    queryKey: keys.answer(projectId, { query, filtersOverride, variablesOverride }),
    queryFn: ({ signal }) => asked(signal),
    initialData: kept,
    initialDataUpdatedAt: kept?.last_refresh ? Date.parse(kept.last_refresh) : undefined,
    staleTime: FRESH_MS,
  })

  function asked(signal: AbortSignal): Promise<Answer> {
    if (!query) throw new Error('This insight asks nothing.')
    return ask<Answer>(projectId, query as AnyQuery, { refresh, signal, filtersOverride, variablesOverride })
  }
}

/** The answer that came with the insight, in the shape of the query API's. */
export function keptAnswer(insight: TileInsight): Answer | undefined {
  if (insight.result === null || insight.result === undefined) return undefined
  const { result, columns, types, hasMore, hogql, timezone, last_refresh } = insight
  return {
    results: result,
    ...(columns && { columns }),
    ...(types ? { types } : {}),
    hasMore: hasMore ?? false,
    hogql: hogql ?? undefined,
    timezone: timezone ?? undefined,
    last_refresh: last_refresh ?? undefined,
    is_cached: true,
  }
}

/** What the address says, over what the dashboard keeps. */
export interface OverState {
  date_from?: string
  date_to?: string
  properties?: DashboardFilters['properties']
  /** Each insight keeps its own dates, whatever the dashboard keeps. */
  own?: boolean
}

export function overOf(kept: DashboardFilters, variables: object, state: OverState): Over {
  const filters: DashboardFilters = { ...kept }
  if (state.own) {
    delete filters.date_from
    delete filters.date_to
  }
  if (state.date_from) {
    filters.date_from = state.date_from
    filters.date_to = state.date_to ?? null
  }
  if (state.properties) filters.properties = state.properties
  if (!filters.properties?.length) delete filters.properties
  const isKept = !state.own && !state.date_from && !state.properties
  return { filters, variables, isKept }
}

export function tileName(insight: Pick<TileInsight, 'name' | 'derived_name'>): string {
  return insight.name || insight.derived_name || 'Untitled insight'
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}
