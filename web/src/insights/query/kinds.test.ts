import { expect, test } from 'vitest'
import { filtersOf, INSIGHT_KINDS, type InsightQuery, sourceOf, wrapped } from './insightQuery'
import { changedKind, entityOf, isInsightQuery, newQuery, nodeOf } from './kinds'

const pageviews = { kind: 'EventsNode', event: '$pageview', name: '$pageview' }

test('every kind has a beginning that the address takes back', () => {
  for (const kind of INSIGHT_KINDS) {
    expect(isInsightQuery(JSON.parse(JSON.stringify(newQuery(kind))))).toBe(true)
  }
})

test('what an address says of no kind that is built here is left out', () => {
  expect(isInsightQuery({ kind: 'HogQLQuery', query: 'SELECT 1' })).toBe(false)
  expect(isInsightQuery({ kind: 'TrendsQuery' })).toBe(false)
  expect(isInsightQuery({ kind: 'TrendsQuery', series: [null] })).toBe(false)
})

test('series, filters, time and breakdown stay when the kind changes', () => {
  const trends: InsightQuery = {
    kind: 'TrendsQuery',
    series: [{ ...pageviews, math: 'sum', math_property: 'amount' }],
    dateRange: { date_from: '-30d' },
    properties: [{ type: 'event', key: 'plan', operator: 'exact', value: ['pro'] }],
    breakdownFilter: { breakdown: '$browser', breakdown_type: 'event' },
  }
  const funnel = changedKind(trends, 'FunnelsQuery')
  expect(funnel.series).toEqual([pageviews, { kind: 'EventsNode', event: null, name: 'All events' }])
  expect(funnel).toMatchObject({
    dateRange: trends.dateRange,
    properties: trends.properties,
    breakdownFilter: trends.breakdownFilter,
  })
})

test('retention begins with the first series, and gives it back', () => {
  const action = { kind: 'ActionsNode', id: 7, name: 'Paid' }
  const retention = changedKind({ kind: 'TrendsQuery', series: [action] }, 'RetentionQuery')
  expect(retention.retentionFilter?.targetEntity).toMatchObject({ id: 7, type: 'actions' })
  expect(changedKind(retention, 'TrendsQuery').series).toEqual([action])
  expect(nodeOf(entityOf({ kind: 'EventsNode', event: null, name: 'All events' })).event).toBeNull()
})

test('the question is found inside the nodes around it, and goes back into the same', () => {
  const query = newQuery('TrendsQuery')
  const kept = { kind: 'InsightVizNode', full: true, source: query }
  expect(sourceOf(kept)).toBe(query)
  expect(sourceOf({ kind: 'DataTableNode', source: kept })).toBe(query)
  expect(sourceOf(null)).toBeNull()
  expect(wrapped(query, kept)).toEqual(kept)
  expect(wrapped(query, { kind: 'DataVisualizationNode' })).toEqual({ kind: 'InsightVizNode', source: query })
})

test('a group of conditions is a list as long as all of them must hold', () => {
  const one = { type: 'event' as const, key: 'a', operator: 'is_set', value: null }
  expect(filtersOf({ type: 'AND', values: [{ type: 'OR', values: [one] }] })).toEqual([one])
  expect(filtersOf({ type: 'OR', values: [one, one] })).toBeNull()
  expect(filtersOf(undefined)).toEqual([])
})
