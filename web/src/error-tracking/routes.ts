/** Error tracking: issues, and what resolves and sorts exceptions. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { date, filters, flag, oneOf, search, text, whole } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const errorTrackingRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking',
  validateSearch: search({
    date_from: date,
    date_to: date,
    status: oneOf('resolved', 'suppressed', 'all'),
    assignee: whole,
    tests: flag,
    q: text,
    properties: filters,
    order: oneOf('last_seen', 'first_seen', 'occurrences', 'users', 'sessions'),
    ascending: flag,
  }),
  component: lazyRouteComponent(() => import('./list/IssuesPage'), 'IssuesPage'),
})

export const issueRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking/issues/$issueId',
  validateSearch: search({
    date_from: date,
    date_to: date,
    tab: oneOf('breakdowns', 'persons', 'fingerprints', 'activity'),
    event: text,
    raw: flag,
    all: flag,
    by: text,
  }),
  component: lazyRouteComponent(() => import('./issue/IssuePage'), 'IssuePage'),
})

export const alertsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking/alerts',
  validateSearch: search({
    event: oneOf(
      '$error_tracking_issue_created',
      '$error_tracking_issue_reopened',
      '$error_tracking_issue_spiking',
    ),
  }),
  component: lazyRouteComponent(() => import('./alerts/AlertsPage'), 'AlertsPage'),
})

export const symbolSetsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking/symbol-sets',
  validateSearch: search({
    q: text,
    status: oneOf('valid', 'invalid'),
    order: oneOf('created_at', 'ref', '-ref', 'last_used', '-last_used'),
    /** Shows how to upload. */
    help: flag,
  }),
  component: lazyRouteComponent(() => import('./symbols/SymbolSetsPage'), 'SymbolSetsPage'),
})

export const rulesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking/rules',
  validateSearch: search({ kind: oneOf('grouping', 'assignment', 'severity', 'bypass') }),
  component: lazyRouteComponent(() => import('./rules/RulesPage'), 'RulesPage'),
})

export const errorSettingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'error-tracking/settings',
  component: lazyRouteComponent(() => import('./settings/SettingsPage'), 'SettingsPage'),
})

export const errorTrackingRoutes = [
  errorTrackingRoute,
  issueRoute,
  alertsRoute,
  symbolSetsRoute,
  rulesRoute,
  errorSettingsRoute,
] as const
