/** A query with how it is drawn, as an insight keeps it. */
import type { AnyQuery } from '@/api/query'

export const DISPLAYS = [
  'ActionsLineGraph',
  'ActionsAreaGraph',
  'ActionsBar',
  'ActionsStackedBar',
  'ActionsBarValue',
  'ActionsPie',
  'BoldNumber',
] as const
export type Display = (typeof DISPLAYS)[number]

export const DISPLAY_NAMES: Readonly<Record<Display, string>> = {
  ActionsLineGraph: 'Lines',
  ActionsAreaGraph: 'Areas',
  ActionsBar: 'Bars',
  ActionsStackedBar: 'Stacked bars',
  ActionsBarValue: 'Horizontal bars',
  ActionsPie: 'Pie',
  BoldNumber: 'Number',
}
export const DEFAULT_DISPLAY: Display = 'ActionsLineGraph'

/** How the rows are drawn; without a display they are a table. */
export interface Drawing {
  display?: Display
  x?: string
  y?: string[]
}

/** A variable's value, as queries carry it. */
export interface VariableValue {
  variableId: string
  code_name: string
  value?: unknown
  isNull?: boolean
}

export interface SqlQuery extends AnyQuery {
  kind: 'HogQLQuery'
  query: string
  variables?: Record<string, VariableValue>
}

export interface SavedQuery extends Drawing {
  query: string
  variables: Record<string, VariableValue>
  isTable: boolean
}

export function sqlQuery(query: string, variables: Record<string, VariableValue> = {}): SqlQuery {
  return { kind: 'HogQLQuery', query, ...(Object.keys(variables).length > 0 && { variables }) }
}

export function visualization(source: SqlQuery, { display, x, y }: Drawing): AnyQuery {
  const settings = {
    ...(x && { xAxis: { column: x } }),
    ...(y?.length && { yAxis: y.map(column => ({ column })) }),
  }
  return {
    kind: 'DataVisualizationNode',
    source,
    display: display ?? 'ActionsTable',
    chartSettings: settings,
  }
}

/** What an insight keeps, if it is a query of ours: one that the editor can open. */
export function savedQuery(kept: AnyQuery | null): SavedQuery | null {
  if (!kept) return null
  const source = (kept.kind === 'HogQLQuery' ? kept : kept.source) as Partial<SqlQuery> | undefined
  if (source?.kind !== 'HogQLQuery' || typeof source.query !== 'string') return null
  const { display, chartSettings } = kept as {
    display?: string
    chartSettings?: { xAxis?: { column?: string }; yAxis?: { column?: string }[] | null }
  }
  const known = DISPLAYS.find(one => one === display)
  const y = (chartSettings?.yAxis ?? []).flatMap(one => one.column ?? [])
  return {
    query: source.query,
    variables: source.variables ?? {},
    isTable: !known,
    display: known,
    x: chartSettings?.xAxis?.column,
    y: y.length > 0 ? y : undefined,
  }
}

const VARIABLE = /\{\s*variables\.([a-z0-9_]+)\s*\}/g

/** Code names of the variables that a query speaks of, each once. */
export function variablesIn(query: string): string[] {
  return [...new Set([...query.matchAll(VARIABLE)].map(found => found[1] ?? ''))]
}

/** A chart always says which kind it is. */
export function withDisplay(drawing: Drawing): Drawing {
  return { ...drawing, display: drawing.display ?? DEFAULT_DISPLAY }
}
