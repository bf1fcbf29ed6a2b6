/** Who belongs to the organisation, and who was asked to. */
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

/** The organisation of the project that was looked at last. */
const HERE = '@current'
const ROWS = 200

export const membersQuery = (organizationId = HERE) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'members'],
    queryFn: ({ signal }) =>
      take<Page<Member>>(
        api.GET('/api/organizations/{organization_id}/members/', {
          params: { path: { organization_id: organizationId }, query: { limit: ROWS } as never },
          signal,
        }),
      ),
    staleTime: 60_000,
  })
