/** The pages of this product; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { search, text } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const warningsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'warnings',
  validateSearch: search({ q: text }),
  component: lazyRouteComponent(() => import('./WarningsPage'), 'WarningsPage'),
})

export const warningsRoutes = [warningsRoute] as const
