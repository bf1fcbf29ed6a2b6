import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { projectRoute } from '@/parents'

export const homeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'home',
  component: lazyRouteComponent(() => import('./HomePage'), 'HomePage'),
})

/** The pages of this product; the router takes them from here. */
export const homeRoutes = [homeRoute] as const
