/** The pages of this product; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { search, text } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const liveRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'live',
  /** `person` is a person's id or a distinct id. */
  validateSearch: search({ event: text, person: text }),
  component: lazyRouteComponent(() => import('./LivePage'), 'LivePage'),
})

export const liveRoutes = [liveRoute] as const
