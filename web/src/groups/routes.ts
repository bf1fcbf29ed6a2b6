/** The pages of groups; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { date, filters, oneOf, search, text, texts, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const groupsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'groups',
  validateSearch: search({ type: whole, search: text, properties: filters, columns: texts, order: text }),
  component: lazyRouteComponent(() => import('./GroupsPage'), 'GroupsPage'),
})

export const groupRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'groups/$typeIndex/$groupKey',
  validateSearch: search({
    tab: oneOf('properties', 'events', 'related', 'activity'),
    date_from: date,
    date_to: date,
    event: text,
    properties: filters,
  }),
  component: lazyRouteComponent(() => import('./GroupPage'), 'GroupPage'),
})

export const groupsRoutes = [groupsRoute, groupRoute] as const
