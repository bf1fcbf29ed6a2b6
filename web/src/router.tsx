/** All routes of the application. A product adds its own by its `routes.ts`, in one line here. */
import { createRoute, createRouter, redirect } from '@tanstack/react-router'
import { queryClient } from '@/api/queryClient'
import { PageError } from '@/components/PageError'
import { PageLoading } from '@/components/PageLoading'
import { eventsRoutes } from '@/events/routes'
import { sessionRoutes } from '@/session/routes'
import { sessionQuery } from '@/session/session'
import { NotFound } from '@/shell/NotFound'
import { appRoute, projectRoute, rootRoute } from './parents'

const indexRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const user = await context.queryClient.ensureQueryData(sessionQuery())
    throw redirect({ to: '/project/$projectId', params: { projectId: String(user.team?.id ?? '@current') } })
  },
})

const projectIndexRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/project/$projectId/events', params })
  },
})

const tree = rootRoute.addChildren([
  ...sessionRoutes,
  appRoute.addChildren([indexRoute, projectRoute.addChildren([projectIndexRoute, ...eventsRoutes])]),
])

export const router = createRouter({
  routeTree: tree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 200,
  defaultErrorComponent: PageError,
  defaultPendingComponent: PageLoading,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
