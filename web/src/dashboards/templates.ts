/** What a new dashboard may start with. */
import type { AnyQuery } from '@/api/query'
import { COLUMNS } from './layout'

export interface Template {
  id: string
  name: string
  description: string
  /** One of the server's own, by its name. */
  named?: string
  /** Otherwise the whole of it, as the API takes it. */
  whole?: object
}

const tile = (name: string, source: AnyQuery, place: number) => ({
  type: 'INSIGHT',
  name,
  query: { kind: 'InsightVizNode', source },
  layouts: { sm: { x: (place % 2) * (COLUMNS / 2), y: Math.floor(place / 2) * 5, w: COLUMNS / 2, h: 5 } },
})
const events = (event: string | null, math = 'total') => ({
  kind: 'EventsNode',
  event,
  name: event ?? 'All events',
  math,
})
const trend = (series: object[], more: object = {}): AnyQuery => ({
  kind: 'TrendsQuery',
  series,
  interval: 'day',
  dateRange: { date_from: '-30d' },
  ...more,
})
const by = (breakdown: string, display = 'ActionsBarValue', type = 'event') => ({
  breakdownFilter: { breakdown, breakdown_type: type, breakdown_limit: 10 },
  trendsFilter: { display },
})

export const TEMPLATES: readonly Template[] = [
  {
    id: 'product',
    name: 'Product analytics',
    description: 'Active people, growth, retention and a funnel of page views',
    named: 'DEFAULT_APP',
  },
  {
    id: 'website',
    name: 'Website traffic',
    description: 'Visitors, pages, where they come from and with what',
    whole: {
      template_name: 'Website traffic',
      dashboard_description: 'Who visits, what they read, and where they come from.',
      tiles: [
        tile(
          'Visitors and page views',
          trend([events('$pageview', 'dau'), { ...events('$pageview'), custom_name: 'Page views' }]),
          0,
        ),
        tile('Pages most looked at', trend([events('$pageview')], by('$pathname')), 1),
        tile('Referring domains', trend([events('$pageview', 'dau')], by('$referring_domain')), 2),
        tile('Countries', trend([events('$pageview', 'dau')], by('$geoip_country_name')), 3),
        tile('Browsers', trend([events('$pageview', 'dau')], by('$browser', 'ActionsPie')), 4),
        tile('Devices', trend([events('$pageview', 'dau')], by('$device_type', 'ActionsPie')), 5),
        tile(
          'New and returning visitors',
          {
            kind: 'LifecycleQuery',
            series: [events('$pageview')],
            interval: 'week',
            dateRange: { date_from: '-60d' },
          },
          6,
        ),
        tile(
          'Visitors who come back',
          {
            kind: 'RetentionQuery',
            retentionFilter: {
              period: 'Week',
              totalIntervals: 8,
              retentionType: 'retention_first_time',
              targetEntity: { id: '$pageview', type: 'events' },
              returningEntity: { id: '$pageview', type: 'events' },
            },
          },
          7,
        ),
      ],
    },
  },
  {
    id: 'tracking',
    name: 'Tracking health',
    description: 'What is sent, by which libraries, and what goes wrong',
    whole: {
      template_name: 'Tracking health',
      dashboard_description: 'Whether events keep coming, and from where.',
      tiles: [
        tile('Events', trend([events(null)], { interval: 'hour', dateRange: { date_from: '-3d' } }), 0),
        tile('Events by name', trend([events(null)], by('event', 'ActionsBarValue', 'event_metadata')), 1),
        tile('Libraries', trend([events(null)], by('$lib', 'ActionsLineGraph')), 2),
        tile('Versions of libraries', trend([events(null)], by('$lib_version')), 3),
        tile('People identified', trend([events('$identify', 'dau')]), 4),
        tile('Exceptions', trend([events('$exception')], { trendsFilter: { display: 'ActionsBar' } }), 5),
      ],
    },
  },
]
