/** The pages of this product; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { flag, oneOf, search, text, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const definitionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'definitions',
  validateSearch: search({
    tab: oneOf('events', 'properties'),
    q: text,
    /** Of events. */
    kind: oneOf('event_custom', 'event_posthog'),
    verified: flag,
    order: oneOf('name', '-name', 'last_seen_at', '-last_seen_at', 'created_at', '-created_at'),
    /** Of properties: whose they are. */
    of: oneOf('event', 'person', 'group'),
    group: whole,
    hidden: flag,
    page: whole,
  }),
  component: lazyRouteComponent(() => import('./DefinitionsPage'), 'DefinitionsPage'),
})

export const eventDefinitionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'definitions/events/$definitionId',
  component: lazyRouteComponent(() => import('./EventDefinitionPage'), 'EventDefinitionPage'),
})

const propertySearch = search({ of: oneOf('event', 'person', 'group'), group: whole })

export const propertyDefinitionRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'definitions/properties/$definitionId',
  /** Whose property it is, which its definition does not tell. */
  validateSearch: propertySearch,
  component: lazyRouteComponent(() => import('./PropertyDefinitionPage'), 'PropertyDefinitionPage'),
})

export const definitionsRoutes = [definitionsRoute, eventDefinitionRoute, propertyDefinitionRoute] as const
