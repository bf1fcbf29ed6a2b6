import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { date, filters, flag, search, text, texts, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const eventsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'events',
  validateSearch: search({
    date_from: date,
    date_to: date,
    event: text,
    action: whole,
    properties: filters,
    columns: texts,
    oldest: flag,
    tests: flag,
  }),
  component: lazyRouteComponent(() => import('./EventsPage'), 'EventsPage'),
})

export const eventsRoutes = [eventsRoute] as const
