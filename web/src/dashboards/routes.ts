import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { PropertyFilter } from '@/api/propertyFilter'
import { date, filters, flag, search, text, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const dashboardsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'dashboards',
  validateSearch: search({ q: text, tag: text, new: flag }),
  component: lazyRouteComponent(() => import('./DashboardsPage'), 'DashboardsPage'),
})

/** No filter at all is something else than what the dashboard keeps. */
const filtersOrNone = (given: unknown): PropertyFilter[] | undefined =>
  Array.isArray(given) && given.length === 0 ? [] : filters(given)

export const dashboardRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'dashboards/$dashboardId',
  validateSearch: search({
    date_from: date,
    date_to: date,
    own: flag,
    properties: filtersOrNone,
    full: flag,
    arrange: flag,
    every: whole,
  }),
  component: lazyRouteComponent(() => import('./DashboardPage'), 'DashboardPage'),
})

/** The pages of this product; the router takes them from here. */
export const dashboardsRoutes = [dashboardsRoute, dashboardRoute] as const
