/** Error tracking: issues, and what resolves and sorts exceptions. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { flag, oneOf, search, text } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const errorTrackingRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/project/$projectId/error-tracking/symbol-sets', params })
  },
})

export const symbolSetsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking/symbol-sets',
  validateSearch: search({
    q: text,
    status: oneOf('valid', 'invalid'),
    order: oneOf('created_at', 'ref', '-ref', 'last_used', '-last_used'),
    /** Shows how to upload. */
    help: flag,
  }),
  component: lazyRouteComponent(() => import('./symbols/SymbolSetsPage'), 'SymbolSetsPage'),
})

export const errorTrackingRoutes = [errorTrackingRoute, symbolSetsRoute] as const
