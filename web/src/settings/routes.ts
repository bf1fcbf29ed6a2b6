/** Settings: one frame, one page a subject. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { search, text } from '@/components/urlState'
import { projectRoute } from '@/parents'

export const settingsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'settings',
  component: lazyRouteComponent(() => import('./SettingsLayout'), 'SettingsLayout'),
})

export const projectSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./project/ProjectSettings'), 'ProjectSettings'),
})

export const dataSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'data',
  component: lazyRouteComponent(() => import('./data/DataSettings'), 'DataSettings'),
})

export const replaySettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'replay',
  component: lazyRouteComponent(() => import('./replay/ReplaySettings'), 'ReplaySettings'),
})

export const membersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'members',
  component: lazyRouteComponent(() => import('./members/MembersSettings'), 'MembersSettings'),
})

export const organizationRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'organization',
  component: lazyRouteComponent(() => import('./members/OrganizationSettings'), 'OrganizationSettings'),
})

export const keysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'api-keys',
  component: lazyRouteComponent(() => import('./keys/PersonalKeys'), 'PersonalKeys'),
})

export const accountRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'account',
  component: lazyRouteComponent(() => import('./account/AccountSettings'), 'AccountSettings'),
})

export const auditRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'audit-log',
  validateSearch: search({ of: text, action: text, email: text }),
  component: lazyRouteComponent(() => import('./audit/AuditLog'), 'AuditLog'),
})

export const healthRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'health',
  component: lazyRouteComponent(() => import('./health/HealthPage'), 'HealthPage'),
})

export const settingsRoutes = [
  settingsRoute.addChildren([
    projectSettingsRoute,
    dataSettingsRoute,
    replaySettingsRoute,
    membersRoute,
    organizationRoute,
    keysRoute,
    accountRoute,
    auditRoute,
    healthRoute,
  ]),
] as const
