/** Signing in and out, the first run, and what the sign-in page has to know. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { rememberCsrfToken } from './csrf'
import { ApiError } from './errors'
import type { User } from './user'

export interface SessionState {
  is_signed_in: boolean
  user: User | null
  csrf_token: string | null
  setup: { is_open: boolean; needs_code: boolean }
  oidc: { is_enabled: boolean; name: string; path: string }
}

interface SignedIn {
  success: boolean
  csrf_token: string
}

export interface SetupGiven {
  email: string
  password: string
  first_name: string
  last_name?: string
  organization_name?: string
  project_name?: string
  code?: string
}

export const sessionStateQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: async ({ signal }) => {
      const state = await take<SessionState>(api.GET('/api/session/', { signal }))
      rememberCsrfToken(state.csrf_token, state.user?.uuid)
      return state
    },
    staleTime: 60_000,
  })

/** Whether a second factor comes next. */
export async function signIn(email: string, password: string): Promise<'done' | 'second factor'> {
  try {
    remember(await take<SignedIn>(api.POST('/api/login/', { body: { email, password } })))
    return 'done'
  } catch (error) {
    if (error instanceof ApiError && error.code === '2fa_required') return 'second factor'
    throw error
  }
}

export async function signInWithCode(token: string): Promise<void> {
  remember(await take<SignedIn>(api.POST('/api/login/token/', { body: { token } })))
}

export async function finishSetup(given: SetupGiven): Promise<void> {
  remember(await take<SignedIn>(api.POST('/api/setup/', { body: given })))
}

export async function signOut(): Promise<void> {
  await take<unknown>(api.POST('/api/logout/', {}))
  rememberCsrfToken(null)
}

function remember(answer: SignedIn): void {
  rememberCsrfToken(answer.csrf_token)
}

export interface InviteShown {
  target_email: string | null
  first_name: string
  role: string
  expires_at: string
  organization_name: string
  is_signed_in: boolean
}

export const inviteQuery = (token: string) =>
  queryOptions({
    queryKey: ['invite', token],
    queryFn: ({ signal }) =>
      take<InviteShown>(api.GET('/api/signup/{token}/', { params: { path: { token } }, signal })),
    retry: false,
  })

/** Without what a new account needs, for who is signed in already. */
export async function acceptInvite(
  token: string,
  given: { email?: string; first_name?: string; password?: string },
): Promise<void> {
  const params = { path: { token } }
  remember(await take<SignedIn>(api.POST('/api/signup/{token}/', { params, body: given as never })))
}

export const passwordResetQuery = (userId: string, token: string) =>
  queryOptions({
    queryKey: ['password reset', userId, token],
    queryFn: ({ signal }) =>
      take<{ email: string }>(
        api.GET('/api/reset/{user_uuid}/', {
          params: { path: { user_uuid: userId }, query: { token } },
          signal,
        }),
      ),
    retry: false,
  })

export async function choosePassword(userId: string, token: string, password: string): Promise<void> {
  const params = { path: { user_uuid: userId } }
  await take<unknown>(api.POST('/api/reset/{user_uuid}/', { params, body: { token, password } }))
}
