import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '@/parents'

export const sharedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/shared/$token',
  component: lazyRouteComponent(() => import('./SharedPage'), 'SharedPage'),
})

/** The same for a frame within another page. */
export const embeddedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/embedded/$token',
  component: lazyRouteComponent(() => import('./EmbeddedPage'), 'EmbeddedPage'),
})

/** Pages that need no account; the router takes them from here. */
export const sharedRoutes = [sharedRoute, embeddedRoute] as const
