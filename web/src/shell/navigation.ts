/** What the navigation offers, grouped by product. What has no page in this build is left out. */
import {
  type Icon,
  IconAlertTriangle,
  IconBolt,
  IconBug,
  IconBuilding,
  IconChartHistogram,
  IconClick,
  IconDatabase,
  IconFlag,
  IconHome,
  IconLayoutDashboard,
  IconListDetails,
  IconMessage2,
  IconRocket,
  IconSettings,
  IconTerminal2,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'

export interface NavigationEntry {
  label: string
  icon: Icon
  /** The page's route. */
  to: string
  /** Words that also find it in the search. */
  also?: string
}

export interface NavigationGroup {
  label?: string
  entries: NavigationEntry[]
}

const within = (page: string) => `/project/$projectId/${page}`

export const NAVIGATION: readonly NavigationGroup[] = [
  {
    entries: [
      { label: 'Home', icon: IconHome, to: within('home') },
      { label: 'Get started', icon: IconRocket, to: within('onboarding'), also: 'install snippet sdk' },
    ],
  },
  {
    label: 'Analytics',
    entries: [
      { label: 'Dashboards', icon: IconLayoutDashboard, to: within('dashboards') },
      {
        label: 'Insights',
        icon: IconChartHistogram,
        to: within('insights'),
        also: 'trends funnels retention paths',
      },
      { label: 'SQL editor', icon: IconTerminal2, to: within('sql'), also: 'hogql query' },
    ],
  },
  {
    label: 'Data',
    entries: [
      { label: 'Events', icon: IconListDetails, to: within('events'), also: 'explore' },
      { label: 'Live events', icon: IconBolt, to: within('live') },
      { label: 'Definitions', icon: IconDatabase, to: within('definitions'), also: 'properties' },
      { label: 'Actions', icon: IconClick, to: within('actions') },
      { label: 'Annotations', icon: IconMessage2, to: within('annotations') },
      { label: 'Ingestion warnings', icon: IconAlertTriangle, to: within('warnings') },
    ],
  },
  {
    label: 'People',
    entries: [
      { label: 'Persons', icon: IconUsers, to: within('persons'), also: 'users' },
      { label: 'Groups', icon: IconBuilding, to: within('groups'), also: 'companies accounts' },
      { label: 'Cohorts', icon: IconUsersGroup, to: within('cohorts'), also: 'segments' },
    ],
  },
  {
    label: 'Release',
    entries: [
      { label: 'Feature flags', icon: IconFlag, to: within('flags'), also: 'experiments rollout' },
      {
        label: 'Error tracking',
        icon: IconBug,
        to: within('error-tracking'),
        also: 'exceptions issues crashes source maps symbol sets',
      },
    ],
  },
  {
    entries: [{ label: 'Settings', icon: IconSettings, to: within('settings'), also: 'members keys health' }],
  },
]

/** The groups with those entries for which there is a route. */
export function offered(hasRoute: (to: string) => boolean): NavigationGroup[] {
  return NAVIGATION.map(group => ({
    ...group,
    entries: group.entries.filter(one => hasRoute(one.to)),
  })).filter(group => group.entries.length > 0)
}
