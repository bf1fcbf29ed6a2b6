import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { inviteQuery, passwordResetQuery, type SessionState, sessionStateQuery } from '@/api/session'
import { search, text } from '@/components/urlState'
import { rootRoute } from '@/parents'
import { safeNext } from './next'
import { sessionQuery } from './session'

// Named, since TypeScript loses its type inline where another option of the route takes `search`.
const signInSearch = search({ next: text, error: text })

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: signInSearch,
  beforeLoad: async ({ context, search: { next } }): Promise<{ state: SessionState }> => {
    const state = await context.queryClient.fetchQuery({ ...sessionStateQuery(), staleTime: 0 })
    if (state.is_signed_in) throw redirect({ href: safeNext(next) })
    return { state }
  },
  component: lazyRouteComponent(() => import('./SignInPage'), 'SignInPage'),
})

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: search({ code: text }),
  loader: async ({ context }) => {
    const state = await context.queryClient.fetchQuery({ ...sessionStateQuery(), staleTime: 0 })
    if (!state.setup.is_open) throw redirect({ to: '/sign-in', search: {} })
    return state
  },
  component: lazyRouteComponent(() => import('./SetupPage'), 'SetupPage'),
})

/** Where an invite's link leads. */
export const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signup/$token',
  loader: async ({ context, params }) => {
    await context.queryClient.fetchQuery({ ...sessionStateQuery(), staleTime: 0 })
    return context.queryClient.fetchQuery(inviteQuery(params.token))
  },
  component: lazyRouteComponent(() => import('./SignUpPage'), 'SignUpPage'),
  errorComponent: lazyRouteComponent(() => import('./StaleLink'), 'StaleLink'),
})

/** Where an admin's link for a new password leads. */
export const passwordResetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset/$userId/$token',
  loader: ({ context, params }) =>
    context.queryClient.fetchQuery(passwordResetQuery(params.userId, params.token)),
  component: lazyRouteComponent(() => import('./PasswordResetPage'), 'PasswordResetPage'),
  errorComponent: lazyRouteComponent(() => import('./StaleLink'), 'StaleLink'),
})

/** For who is signed in and has no project to look at. */
export const noProjectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/no-project',
  beforeLoad: async ({ context }) => {
    const { user } = await context.queryClient.fetchQuery({ ...sessionStateQuery(), staleTime: 0 })
    if (!user) throw redirect({ to: '/sign-in', search: {} })
    context.queryClient.setQueryData(sessionQuery().queryKey, user)
    if (user.team) throw redirect({ to: '/project/$projectId', params: { projectId: String(user.team.id) } })
  },
  component: lazyRouteComponent(() => import('./NoProjectPage'), 'NoProjectPage'),
})

export const sessionRoutes = [
  signInRoute,
  setupRoute,
  signUpRoute,
  passwordResetRoute,
  noProjectRoute,
] as const
