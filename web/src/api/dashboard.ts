/** Dashboards, what lies on them, and what can be done with them. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import type { Insight } from './insight'
import { keys } from './keys'
import type { Page, UserBasic } from './page'
import type { PropertyFilter } from './propertyFilter'

/** What is put over the questions of every tile. */
export interface DashboardFilters {
  date_from?: string | null
  date_to?: string | null
  properties?: PropertyFilter[] | null
}

/** An insight as it lies on a dashboard, with the answer that is kept, if one is. */
export interface TileInsight extends Insight {
  hogql?: string | null
  cache_target_age?: string | null
}

export interface TileLayout {
  x: number
  y: number
  w: number
  h: number
}

export interface Tile {
  id: number
  insight: TileInsight | null
  text: { body: string } | null
  /** `sm` is the wide grid of twelve columns. Anything may stand there: it comes from callers. */
  layouts: Record<string, unknown>
  color: string | null
  order: number | null
  filters_overrides: DashboardFilters
  show_description: boolean | null
}

/** A dashboard as lists show it. */
export interface DashboardBasic {
  id: number
  name: string | null
  description: string
  pinned: boolean
  tags: string[]
  filters: DashboardFilters
  variables: object
  is_shared: boolean
  created_at: string
  created_by: UserBasic | null
  last_modified_at: string
  last_accessed_at: string | null
}

export interface Dashboard extends DashboardBasic {
  tiles: Tile[]
}

/** What may be changed; tiles by their numbers, only those that change. */
export interface DashboardChange {
  name?: string
  description?: string
  pinned?: boolean
  tags?: string[]
  filters?: DashboardFilters
  deleted?: boolean
  tiles?: (Partial<Pick<Tile, 'layouts' | 'color' | 'order' | 'show_description'>> & {
    id: number
    deleted?: boolean
  })[]
}

export interface NewDashboard {
  name: string
  description?: string
  use_template?: string
  /** The number of the one that is copied, with its insights if `duplicate_tiles`. */
  use_dashboard?: number
  duplicate_tiles?: boolean
}

const KIND = 'dashboards'
const LIST_MAX = 500

export const dashboardsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.list(projectId, KIND),
    queryFn: ({ signal }) =>
      take<Page<DashboardBasic>>(
        api.GET('/api/projects/{project_id}/dashboards/', {
          params: { path: { project_id: projectId }, query: { limit: LIST_MAX } },
          signal,
        }),
      ),
    staleTime: 30_000,
  })

/** With the answers that are kept; what has none is asked for by each tile. */
export const dashboardQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: keys.one(projectId, KIND, id),
    queryFn: ({ signal }) =>
      take<Dashboard>(
        api.GET('/api/projects/{project_id}/dashboards/{id}/', {
          params: { path: { project_id: projectId, id } },
          signal,
        }),
      ),
    staleTime: 30_000,
  })

export function createDashboard(projectId: string, given: NewDashboard): Promise<Dashboard> {
  return take<Dashboard>(
    api.POST('/api/projects/{project_id}/dashboards/', {
      params: { path: { project_id: projectId } },
      body: given as never,
    }),
  )
}

export function createFromTemplate(projectId: string, template: object): Promise<Dashboard> {
  return take<Dashboard>(
    api.POST('/api/projects/{project_id}/dashboards/create_from_template_json/', {
      params: { path: { project_id: projectId } },
      body: { template } as never,
    }),
  )
}

export function changeDashboard(
  projectId: string,
  id: number,
  change: DashboardChange,
  signal?: AbortSignal,
): Promise<Dashboard> {
  return take<Dashboard>(
    api.PATCH('/api/projects/{project_id}/dashboards/{id}/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: change as never,
      signal,
    }),
  )
}

export function addText(projectId: string, id: number, body: string, layouts: object): Promise<Tile> {
  return take<Tile>(
    api.POST('/api/projects/{project_id}/dashboards/{id}/create_text_tile/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: { body, layouts } as never,
    }),
  )
}

export function changeText(projectId: string, id: number, tileId: number, body: string): Promise<Tile> {
  return take<Tile>(
    api.PATCH('/api/projects/{project_id}/dashboards/{id}/update_text_tile/', {
      params: { path: { project_id: projectId, id: String(id) } },
      body: { tile_id: tileId, body } as never,
    }),
  )
}

export function moveTile(projectId: string, from: number, tileId: number, to: number): Promise<unknown> {
  return take<unknown>(
    api.PATCH('/api/projects/{project_id}/dashboards/{id}/move_tile/', {
      params: { path: { project_id: projectId, id: String(from) } },
      body: { tile: { id: tileId }, toDashboard: to } as never,
    }),
  )
}

export function copyTile(projectId: string, from: number, tileId: number, to: number): Promise<unknown> {
  return take<unknown>(
    api.POST('/api/projects/{project_id}/dashboards/{id}/copy_tile/', {
      params: { path: { project_id: projectId, id: String(to) } },
      body: { fromDashboardId: from, tileId } as never,
    }),
  )
}
