/** The pages of annotations; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { date, oneOf, search, text } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const annotationsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'annotations',
  validateSearch: search({
    search: text,
    scope: oneOf('project', 'organization', 'dashboard', 'dashboard_item'),
    /** Opens the form for a new one at this moment. */
    new: date,
  }),
  component: lazyRouteComponent(() => import('./AnnotationsPage'), 'AnnotationsPage'),
})

export const annotationsRoutes = [annotationsRoute] as const
