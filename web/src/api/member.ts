/** Who belongs to an organisation, and who was asked to. */
import { queryOptions } from '@tanstack/react-query'
import type { Role } from '@/session/roles'
import { api, take } from './client'
import type { Page, UserBasic } from './page'

export interface Member {
  id: string
  user: UserBasic
  level: number
  role: Role
  joined_at: string
  updated_at: string
  last_login: string | null
  is_2fa_enabled: boolean
  has_social_auth: boolean
}

export interface Invite {
  id: string
  target_email: string | null
  first_name: string
  role: Role
  expires_at: string
  is_expired: boolean
  created_at: string
  created_by: UserBasic | null
  /** Only when it was made just now. */
  link?: string
}

const ROWS = 200
const limited = (organizationId: string) => ({
  path: { organization_id: organizationId },
  query: { limit: ROWS } as never,
})
const ofUser = (organizationId: string, userId: string) => ({
  path: { organization_id: organizationId, user_uuid: userId },
})

export const membersKey = (organizationId: string) => ['organization', organizationId, 'members'] as const
export const invitesKey = (organizationId: string) => ['organization', organizationId, 'invites'] as const

export const membersQuery = (organizationId: string) =>
  queryOptions({
    queryKey: membersKey(organizationId),
    queryFn: ({ signal }) =>
      take<Page<Member>>(
        api.GET('/api/organizations/{organization_id}/members/', {
          params: limited(organizationId),
          signal,
        }),
      ),
    staleTime: 60_000,
  })

export function changeRole(organizationId: string, userId: string, role: Role): Promise<Member> {
  return take<Member>(
    api.PATCH('/api/organizations/{organization_id}/members/{user_uuid}/', {
      params: ofUser(organizationId, userId),
      body: { role },
    }),
  )
}

export async function removeMember(organizationId: string, userId: string): Promise<void> {
  await take<unknown>(
    api.DELETE('/api/organizations/{organization_id}/members/{user_uuid}/', {
      params: ofUser(organizationId, userId),
    }),
  )
}

export async function leaveOrganization(organizationId: string): Promise<void> {
  await take<unknown>(
    api.DELETE('/api/organizations/{organization_id}/members/@me/', {
      params: { path: { organization_id: organizationId } },
    }),
  )
}

/** A link by which they choose a new password. */
export function makePasswordLink(
  organizationId: string,
  userId: string,
): Promise<{ link: string; expires_at: string }> {
  return take<{ link: string; expires_at: string }>(
    api.POST('/api/organizations/{organization_id}/members/{user_uuid}/password_reset/', {
      params: ofUser(organizationId, userId),
    }),
  )
}

export async function takeSecondFactor(organizationId: string, userId: string): Promise<void> {
  await take<unknown>(
    api.POST('/api/organizations/{organization_id}/members/{user_uuid}/two_factor_disable/', {
      params: ofUser(organizationId, userId),
    }),
  )
}

export const invitesQuery = (organizationId: string) =>
  queryOptions({
    queryKey: invitesKey(organizationId),
    queryFn: ({ signal }) =>
      take<Page<Invite>>(
        api.GET('/api/organizations/{organization_id}/invites/', {
          params: limited(organizationId),
          signal,
        }),
      ),
  })

export function createInvite(
  organizationId: string,
  given: { role: Role; target_email?: string },
): Promise<Invite> {
  return take<Invite>(
    api.POST('/api/organizations/{organization_id}/invites/', {
      params: { path: { organization_id: organizationId } },
      body: given as never,
    }),
  )
}

export async function takeBackInvite(organizationId: string, id: string): Promise<void> {
  await take<unknown>(
    api.DELETE('/api/organizations/{organization_id}/invites/{id}/', {
      params: { path: { organization_id: organizationId, id } },
    }),
  )
}
