/** The pages of cohorts; the router takes them from here. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { filters, oneOf, search, text, texts, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const cohortsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'cohorts',
  validateSearch: search({ search: text, type: oneOf('static', 'dynamic') }),
  component: lazyRouteComponent(() => import('./CohortsPage'), 'CohortsPage'),
})

/** `from` names a cohort whose criteria the new one begins with. */
export const newCohortRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'cohorts/new',
  validateSearch: search({ from: whole, type: oneOf('static') }),
  component: lazyRouteComponent(() => import('./NewCohortPage'), 'NewCohortPage'),
})

export const cohortRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'cohorts/$cohortId',
  validateSearch: search({
    tab: oneOf('people', 'definition', 'activity'),
    search: text,
    properties: filters,
    columns: texts,
    order: text,
  }),
  component: lazyRouteComponent(() => import('./CohortPage'), 'CohortPage'),
})

export const cohortsRoutes = [cohortsRoute, newCohortRoute, cohortRoute] as const
