/** All routes of the application. Each product tells its own in its `routes.ts`. */
import { createRoute, createRouter, redirect } from '@tanstack/react-router'
import { actionsRoutes } from '@/actions/routes'
import { annotationsRoutes } from '@/annotations/routes'
import { projectQuery } from '@/api/project'
import { queryClient } from '@/api/queryClient'
import { cohortsRoutes } from '@/cohorts/routes'
import { PageError } from '@/components/PageError'
import { PageLoading } from '@/components/PageLoading'
import { dashboardsRoutes } from '@/dashboards/routes'
import { definitionsRoutes } from '@/definitions/routes'
import { errorTrackingRoutes } from '@/error-tracking/routes'
import { eventsRoutes } from '@/events/routes'
import { flagsRoutes } from '@/flags/routes'
import { groupsRoutes } from '@/groups/routes'
import { homeRoutes } from '@/home/routes'
import { insightsRoutes } from '@/insights/routes'
import { liveRoutes } from '@/live/routes'
import { onboardingRoutes } from '@/onboarding/routes'
import { personsRoutes } from '@/persons/routes'
import { sessionRoutes } from '@/session/routes'
import { sessionQuery } from '@/session/session'
import { settingsRoutes } from '@/settings/routes'
import { sharedRoutes } from '@/shared/routes'
import { NotFound } from '@/shell/NotFound'
import { offered } from '@/shell/navigation'
import { sqlRoutes } from '@/sql/routes'
import { warningsRoutes } from '@/warnings/routes'
import { appRoute, projectRoute, rootRoute } from './parents'

const indexRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const user = await context.queryClient.ensureQueryData(sessionQuery())
    if (!user.team) throw redirect({ to: '/no-project' })
    throw redirect({ to: '/project/$projectId', params: { projectId: String(user.team.id) } })
  },
})

const projectIndexRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: async ({ params }) => {
    const project = await queryClient.ensureQueryData(projectQuery(params.projectId))
    if (!project.ingested_event) throw redirect({ to: '/project/$projectId/onboarding', params })
    const first = offered(to => to in router.routesByPath)[0]?.entries[0]
    if (first) throw redirect({ to: first.to as '/project/$projectId/events', params })
  },
})

const tree = rootRoute.addChildren([
  ...sessionRoutes,
  ...sharedRoutes,
  appRoute.addChildren([
    indexRoute,
    projectRoute.addChildren([
      projectIndexRoute,
      ...homeRoutes,
      ...onboardingRoutes,
      ...dashboardsRoutes,
      ...insightsRoutes,
      ...sqlRoutes,
      ...eventsRoutes,
      ...liveRoutes,
      ...definitionsRoutes,
      ...actionsRoutes,
      ...annotationsRoutes,
      ...warningsRoutes,
      ...personsRoutes,
      ...groupsRoutes,
      ...cohortsRoutes,
      ...flagsRoutes,
      ...errorTrackingRoutes,
      ...settingsRoutes,
    ]),
  ]),
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
