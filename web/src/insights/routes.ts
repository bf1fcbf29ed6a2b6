import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { flag, objectOf, oneOf, search, text, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'
import { INSIGHT_KINDS } from './query/insightQuery'
import { isInsightQuery } from './query/kinds'

export const insightsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'insights',
  validateSearch: search({
    q: text,
    kind: oneOf('TRENDS', 'FUNNELS', 'RETENTION', 'PATHS', 'STICKINESS', 'LIFECYCLE', 'SQL'),
    author: whole,
    favourites: flag,
    order: oneOf('name', '-name', 'created_at', '-created_at', 'last_modified_at', '-last_modified_at'),
  }),
  component: lazyRouteComponent(() => import('./InsightsPage'), 'InsightsPage'),
})

/** An insight that is not kept: the address holds all of it. */
export const newInsightRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'insights/new',
  validateSearch: search({
    kind: oneOf(...INSIGHT_KINDS),
    q: objectOf(isInsightQuery),
    /** Put on this dashboard when it is kept. */
    dashboard: whole,
  }),
  component: lazyRouteComponent(() => import('./NewInsightPage'), 'NewInsightPage'),
})

/** A kept insight, with changes that are not kept yet in its address. */
export const insightRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'insights/$shortId',
  validateSearch: search({ q: objectOf(isInsightQuery) }),
  component: lazyRouteComponent(() => import('./InsightPage'), 'InsightPage'),
})

/** The pages of this product; the router takes them from here. */
export const insightsRoutes = [insightsRoute, newInsightRoute, insightRoute] as const
