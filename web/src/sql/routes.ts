/** The pages of this product; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { oneOf, search, text, texts } from '@/components/urlState'
import { projectRoute } from '@/parents'
import { DISPLAYS } from './visualization'

export const sqlRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'sql',
  validateSearch: search({
    /** The query that was run last; opening the link runs it. */
    q: text,
    /** The short id of a saved query. */
    insight: text,
    view: oneOf('table', 'chart', 'sql'),
    display: oneOf(...DISPLAYS),
    x: text,
    y: texts,
  }),
  component: lazyRouteComponent(() => import('./SqlPage'), 'SqlPage'),
})

export const sqlRoutes = [sqlRoute] as const
