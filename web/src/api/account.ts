/** One's own account: names, password, second factor, sessions, and personal API keys. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import type { Page } from './page'
import type { User } from './user'

export interface AccountChange {
  first_name?: string
  last_name?: string
  email?: string
  /** A code of the second factor. */
  token?: string
  password?: string
  current_password?: string
}

export function changeAccount(change: AccountChange): Promise<User> {
  return take<User>(api.PATCH('/api/users/@me/', { body: change }))
}

// the second factor

export interface SecondFactor {
  is_enabled: boolean
  backup_codes_left: number
}

export interface SecondFactorSetup {
  /** To type into an app. */
  secret: string
  /** The same for a QR code. */
  otpauth_url: string
}

export const secondFactorQuery = () =>
  queryOptions({
    queryKey: ['me', 'second factor'],
    queryFn: ({ signal }) => take<SecondFactor>(api.GET('/api/users/@me/two_factor_status/', { signal })),
  })

export function beginSecondFactor(password: string): Promise<SecondFactorSetup> {
  return take<SecondFactorSetup>(
    api.POST('/api/users/@me/two_factor_start_setup/', { body: { current_password: password || null } }),
  )
}

/** The recovery codes, which are shown now only. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  const { backup_codes } = await take<{ backup_codes: string[] }>(
    api.POST('/api/users/@me/two_factor_validate/', { body: { token: code } }),
  )
  return backup_codes
}

export async function renewRecoveryCodes(code: string): Promise<string[]> {
  const { backup_codes } = await take<{ backup_codes: string[] }>(
    api.POST('/api/users/@me/two_factor_backup_codes/', { body: { token: code } }),
  )
  return backup_codes
}

export async function disableSecondFactor(code: string): Promise<void> {
  await take<unknown>(api.POST('/api/users/@me/two_factor_disable/', { body: { token: code } }))
}

// sessions

export interface Session {
  id: string
  is_current: boolean
  method: 'password' | 'oidc' | 'invite' | 'setup'
  address: string
  user_agent: string
  created_at: string
  last_seen_at: string
  expires_at: string
}

export const sessionsQuery = () =>
  queryOptions({
    queryKey: ['me', 'sessions'],
    queryFn: async ({ signal }) => {
      const found = await take<Page<Session> | Session[]>(api.GET('/api/users/@me/sessions/', { signal }))
      return Array.isArray(found) ? found : found.results
    },
  })

export async function endSession(id: string): Promise<void> {
  await take<unknown>(
    api.DELETE('/api/users/@me/sessions/{session_id}/', { params: { path: { session_id: id } } }),
  )
}

export async function endOtherSessions(): Promise<void> {
  await take<unknown>(api.POST('/api/users/@me/sessions/end_others/', {}))
}
