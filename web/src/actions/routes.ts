/** The pages of actions; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { search, text, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const actionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'actions',
  validateSearch: search({ search: text }),
  component: lazyRouteComponent(() => import('./ActionsPage'), 'ActionsPage'),
})

/** `from` names an action whose steps the new one begins with; `event` an event. */
export const newActionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'actions/new',
  validateSearch: search({ from: whole, event: text }),
  component: lazyRouteComponent(() => import('./NewActionPage'), 'NewActionPage'),
})

export const actionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'actions/$actionId',
  component: lazyRouteComponent(() => import('./ActionPage'), 'ActionPage'),
})

export const actionsRoutes = [actionsRoute, newActionRoute, actionRoute] as const
