/** Organisations: their name, their projects, and what happened to their accounts. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { byPages, PAGE_ROWS, type Page, type UserBasic } from './page'
import type { Project } from './project'
import type { Organization } from './user'

export interface AuditEntry {
  id: number
  user: UserBasic | null
  /** Whose it was then. */
  email: string
  action: string
  detail: Record<string, unknown>
  address: string
  created_at: string
}

export interface DeletedProject {
  id: number
  name: string
  deleted_by: string
  deleted_at: string
  state: 'waiting' | 'removing' | 'done'
  /** Of its data in the store; null: not counted yet. */
  rows_total: number | null
  rows_left: number | null
  failure: string | null
  done_at: string | null
}

const LOOK_AGAIN_MS = 2_000
const one = (organizationId: string) => ({ path: { organization_id: organizationId } })

export const organizationQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId],
    queryFn: ({ signal }) =>
      take<Organization>(
        api.GET('/api/organizations/{organization_id}/', { params: one(organizationId), signal }),
      ),
    staleTime: 60_000,
  })

export function renameOrganization(organizationId: string, name: string): Promise<Organization> {
  return take<Organization>(
    api.PATCH('/api/organizations/{organization_id}/', { params: one(organizationId), body: { name } }),
  )
}

export async function deleteOrganization(organizationId: string): Promise<void> {
  await take<unknown>(api.DELETE('/api/organizations/{organization_id}/', { params: one(organizationId) }))
}

export function createProject(organizationId: string, name: string): Promise<Project> {
  return take<Project>(
    api.POST('/api/organizations/{organization_id}/projects/', {
      params: one(organizationId),
      body: { name } as never,
    }),
  )
}

/** What is left of the projects that were deleted; asked again as long as there is something. */
export const deletedProjectsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'deleted projects'],
    queryFn: ({ signal }) =>
      take<Page<DeletedProject>>(
        api.GET('/api/organizations/{organization_id}/deleted_projects/', {
          params: one(organizationId),
          signal,
        }),
      ),
    refetchInterval: ({ state }) =>
      state.data?.results.some(each => each.state !== 'done') ? LOOK_AGAIN_MS : false,
  })

export const auditLogQuery = (organizationId: string, asked: { action?: string; email?: string }) =>
  infiniteQueryOptions({
    queryKey: ['organization', organizationId, 'audit log', asked],
    queryFn: ({ signal, pageParam }) =>
      take<Page<AuditEntry>>(
        api.GET('/api/organizations/{organization_id}/audit_log/', {
          params: {
            ...one(organizationId),
            query: { limit: PAGE_ROWS, offset: pageParam, ...asked } as never,
          },
          signal,
        }),
      ),
    ...byPages(),
  })
