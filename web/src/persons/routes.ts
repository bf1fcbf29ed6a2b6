/** The pages of persons; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { date, filters, oneOf, search, text, texts } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const personsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'persons',
  validateSearch: search({ search: text, properties: filters, columns: texts, order: text }),
  component: lazyRouteComponent(() => import('./PersonsPage'), 'PersonsPage'),
})

/** By the person's id, or by a distinct id of theirs. */
export const personRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'persons/$personId',
  validateSearch: search({
    tab: oneOf('timeline', 'properties', 'ids', 'cohorts', 'flags', 'groups', 'activity'),
    date_from: date,
    date_to: date,
    event: text,
    properties: filters,
    distinct_id: text,
  }),
  component: lazyRouteComponent(() => import('./PersonPage'), 'PersonPage'),
})

export const personsRoutes = [personsRoute, personRoute] as const
