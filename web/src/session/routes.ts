import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { sessionStateQuery } from '@/api/session'
import { search, text } from '@/components/urlState'
import { rootRoute } from '@/parents'

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: search({ next: text }),
  loader: async ({ context }) => {
    const state = await context.queryClient.fetchQuery({ ...sessionStateQuery(), staleTime: 0 })
    if (state.is_signed_in) throw redirect({ to: '/' })
    if (state.setup.is_open) throw redirect({ to: '/setup' })
    return state
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

export const sessionRoutes = [signInRoute, setupRoute] as const
