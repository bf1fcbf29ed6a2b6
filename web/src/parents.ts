/** The routes that others hang under. A product's routes name `projectRoute` as their parent. */
import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { projectQuery } from '@/api/project'
import { sessionStateQuery } from '@/api/session'
import { NotFound } from '@/shell/NotFound'
import { Outside } from '@/shell/Outside'
import { sessionQuery } from './session/session'

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: NotFound,
  errorComponent: Outside,
})

/** Everything for which one must be signed in. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    const { user, setup } = await context.queryClient.ensureQueryData(sessionStateQuery())
    if (!user) {
      if (setup.is_open) throw redirect({ to: '/setup' })
      throw redirect({ to: '/sign-in', search: { next: location.href === '/' ? undefined : location.href } })
    }
    if (!context.queryClient.getQueryData(sessionQuery().queryKey)) {
      context.queryClient.setQueryData(sessionQuery().queryKey, user)
    }
  },
  component: lazyRouteComponent(() => import('@/shell/AppLayout'), 'AppLayout'),
  notFoundComponent: NotFound,
})

export const projectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/project/$projectId',
  beforeLoad: ({ context, params }) => context.queryClient.ensureQueryData(projectQuery(params.projectId)),
  notFoundComponent: NotFound,
})
