import { Group, NativeSelect, SegmentedControl, Switch } from '@mantine/core'
import type { DateRangeValue } from '@/api/query'
import { DateRange } from '@/components/DateRange'
import { intervalsFor } from '@/components/dates'
import type { InsightQuery, TrendsFilter } from './query/insightQuery'
import { isByCountry } from './result/map/countries'
import { COUNTRY_CODE } from './result/map/countryName'
import { displayOf, isTotal } from './result/trendsChart'

interface Props {
  query: InsightQuery
  onChange: (changed: Partial<InsightQuery>) => void
}

const TRENDS_DISPLAYS = [
  {
    group: 'Over time',
    items: [
      { value: 'ActionsLineGraph', label: 'Line' },
      { value: 'ActionsAreaGraph', label: 'Area' },
      { value: 'ActionsLineGraphCumulative', label: 'Cumulative' },
      { value: 'ActionsUnstackedBar', label: 'Bar' },
      { value: 'ActionsBar', label: 'Stacked bar' },
    ],
  },
  {
    group: 'In all',
    items: [
      { value: 'BoldNumber', label: 'Number' },
      { value: 'ActionsBarValue', label: 'Total bar' },
      { value: 'ActionsPie', label: 'Pie' },
      { value: 'ActionsTable', label: 'Table' },
      { value: 'WorldMap', label: 'World map' },
    ],
  },
]
const STICKINESS_DISPLAYS = [
  { value: 'ActionsLineGraph', label: 'Line' },
  { value: 'ActionsBar', label: 'Bar' },
]
const HAS_INTERVAL = ['TrendsQuery', 'StickinessQuery', 'LifecycleQuery']

/** Another drawing; a map is of countries. */
function displayed(query: InsightQuery, display: string): Partial<InsightQuery> {
  const trendsFilter = { ...query.trendsFilter, display }
  if (display !== 'WorldMap' || isByCountry(query)) return { trendsFilter }
  return { trendsFilter, breakdownFilter: { breakdown: COUNTRY_CODE, breakdown_type: 'event' } }
}

/** Above the answer: when, how finely, compared with what, and how it is drawn. */
export function Toolbar({ query, onChange }: Props) {
  const { kind } = query
  const isOverTime = HAS_INTERVAL.includes(kind) && !isTotal(query)
  const hasInterval =
    isOverTime || (kind === 'FunnelsQuery' && query.funnelsFilter?.funnelVizType === 'trends')
  const trends: TrendsFilter = query.trendsFilter ?? {}
  const ranged = (range: DateRangeValue) => {
    const fits = intervalsFor(range)
    const interval = query.interval && !fits.includes(query.interval) ? fits[0] : query.interval
    onChange({ dateRange: { ...query.dateRange, ...range, date_to: range.date_to ?? null }, interval })
  }
  return (
    <Group gap="xs" p="sm" role="toolbar" aria-label="How it is shown">
      <DateRange
        value={rangeShown(query)}
        onChange={ranged}
        interval={hasInterval ? (query.interval ?? 'day') : undefined}
        onIntervalChange={interval => onChange({ interval })}
      />
      {(kind === 'TrendsQuery' || kind === 'StickinessQuery') && (
        <CompareSelect query={query} onChange={onChange} />
      )}
      {kind === 'TrendsQuery' && isOverTime && (
        <NativeSelect
          size="xs"
          aria-label="Smoothing"
          value={String(trends.smoothingIntervals ?? 1)}
          data={[
            { value: '1', label: 'No smoothing' },
            { value: '3', label: '3-point mean' },
            { value: '7', label: '7-point mean' },
            { value: '28', label: '28-point mean' },
          ]}
          onChange={event => {
            const count = Number(event.currentTarget.value)
            onChange({ trendsFilter: { ...trends, smoothingIntervals: count > 1 ? count : undefined } })
          }}
        />
      )}
      <Group gap="xs" ml="auto">
        {kind === 'TrendsQuery' && isOverTime && (
          <Switch
            size="xs"
            label="Log scale"
            checked={trends.yAxisScaleType === 'log10'}
            onChange={event =>
              onChange({
                trendsFilter: {
                  ...trends,
                  yAxisScaleType: event.currentTarget.checked ? 'log10' : undefined,
                },
              })
            }
          />
        )}
        {kind === 'TrendsQuery' && (
          <NativeSelect
            size="xs"
            aria-label="Chart type"
            value={displayOf(query)}
            data={TRENDS_DISPLAYS}
            onChange={event => onChange(displayed(query, event.currentTarget.value))}
          />
        )}
        {kind === 'StickinessQuery' && (
          <>
            <Switch
              size="xs"
              label="Or more"
              checked={query.stickinessFilter?.computedAs === 'cumulative'}
              onChange={event => {
                const computedAs = event.currentTarget.checked ? 'cumulative' : undefined
                onChange({ stickinessFilter: { ...query.stickinessFilter, computedAs } })
              }}
            />
            <NativeSelect
              size="xs"
              aria-label="Chart type"
              value={displayOf(query)}
              data={STICKINESS_DISPLAYS}
              onChange={event =>
                onChange({
                  stickinessFilter: { ...query.stickinessFilter, display: event.currentTarget.value },
                })
              }
            />
          </>
        )}
        {kind === 'FunnelsQuery' && (
          <SegmentedControl
            size="xs"
            aria-label="View"
            value={query.funnelsFilter?.funnelVizType ?? 'steps'}
            data={[
              { value: 'steps', label: 'Steps' },
              { value: 'time_to_convert', label: 'Time to convert' },
              { value: 'trends', label: 'Over time' },
            ]}
            onChange={funnelVizType => onChange({ funnelsFilter: { ...query.funnelsFilter, funnelVizType } })}
          />
        )}
      </Group>
    </Group>
  )
}

/** Retention without a date range looks at as many intervals as it shows. */
function rangeShown(query: InsightQuery): DateRangeValue {
  const { dateRange = {}, retentionFilter } = query
  if (query.kind !== 'RetentionQuery' || dateRange.date_from) return dateRange
  const unit = { Hour: 'h', Week: 'w', Month: 'm' }[retentionFilter?.period ?? ''] ?? 'd'
  return { ...dateRange, date_from: `-${retentionFilter?.totalIntervals ?? 7}${unit}` }
}

function CompareSelect({ query, onChange }: Props) {
  const { compare, compare_to: to } = query.compareFilter ?? {}
  const options = [
    { value: '', label: 'No comparison' },
    { value: 'previous', label: 'Previous period' },
    { value: '-1w', label: 'A week before' },
    { value: '-1m', label: 'A month before' },
    { value: '-1y', label: 'A year before' },
  ]
  const value = compare ? (to ?? 'previous') : ''
  return (
    <NativeSelect
      size="xs"
      aria-label="Compare with"
      value={value}
      data={
        options.some(one => one.value === value) ? options : [...options, { value, label: `${value} before` }]
      }
      onChange={event => {
        const chosen = event.currentTarget.value
        onChange({
          compareFilter: chosen
            ? { compare: true, ...(chosen !== 'previous' && { compare_to: chosen }) }
            : undefined,
        })
      }}
    />
  )
}
