/** The pages of feature flags. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { date, oneOf, search, text, texts, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const flagsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'flags',
  validateSearch: search({
    search: text,
    status: oneOf('active', 'inactive', 'stale', 'archived'),
    type: oneOf('boolean', 'multivariant', 'remote_config'),
    tags: texts,
    creator: whole,
    order: oneOf('key', '-key', 'created_at', 'last_called_at', '-last_called_at'),
  }),
  component: lazyRouteComponent(() => import('./FlagsPage'), 'FlagsPage'),
})

export const newFlagRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'flags/new',
  validateSearch: search({ from: whole }),
  component: lazyRouteComponent(() => import('./editor/NewFlagPage'), 'NewFlagPage'),
})

export const flagRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'flags/$flagId',
  validateSearch: search({
    tab: oneOf('overview', 'who', 'usage', 'history'),
    id: text,
    date_from: date,
    date_to: date,
  }),
  component: lazyRouteComponent(() => import('./FlagPage'), 'FlagPage'),
})

export const editFlagRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'flags/$flagId/edit',
  component: lazyRouteComponent(() => import('./editor/EditFlagPage'), 'EditFlagPage'),
})

export const flagsRoutes = [flagsRoute, newFlagRoute, flagRoute, editFlagRoute] as const
