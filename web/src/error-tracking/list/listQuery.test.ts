import { expect, test } from 'vitest'
import { isNarrowed, type ListState, listQuery, movesFor, ORDERS, orderOf, sortOf } from './listQuery'

test('an empty address asks for active issues of the last week, those seen last first', () => {
  expect(listQuery({})).toMatchObject({
    kind: 'ErrorTrackingQuery',
    dateRange: { date_from: '-7d', date_to: null },
    status: 'active',
    orderBy: 'last_seen',
    orderDirection: 'DESC',
    filterTestAccounts: false,
  })
  expect(listQuery({})).not.toHaveProperty('filterGroup')
  expect(listQuery({})).not.toHaveProperty('assignee')
})

test('everything that narrows the list goes along', () => {
  const state: ListState = {
    status: 'all',
    assignee: 7,
    q: '"bad n" ValueError',
    tests: true,
    order: 'users',
    ascending: true,
    properties: [{ type: 'event', key: '$lib', operator: 'exact', value: ['web'] }],
  }
  expect(listQuery(state)).toMatchObject({
    status: 'all',
    assignee: { type: 'user', id: 7 },
    searchQuery: '"bad n" ValueError',
    filterTestAccounts: true,
    orderBy: 'users',
    orderDirection: 'ASC',
    filterGroup: { type: 'AND', values: [{ type: 'AND', values: state.properties }] },
  })
  expect(isNarrowed(state)).toBe(true)
  expect(isNarrowed({ status: 'all', date_from: '-90d' })).toBe(false)
})

test('filters that say nothing yet are not sent', () => {
  const empty = { type: 'event' as const, key: 'plan', operator: 'exact', value: [] }
  expect(listQuery({ properties: [empty] })).not.toHaveProperty('filterGroup')
})

test('each order comes back from the address as it went', () => {
  for (const order of ORDERS) {
    for (const descending of [true, false]) {
      expect(sortOf(orderOf({ id: order, descending }))).toEqual({ id: order, descending })
    }
  }
  expect(orderOf({ id: 'last_seen', descending: true })).toEqual({})
})

test('only what changes something is offered', () => {
  expect(movesFor(['active'])).toEqual(['resolved', 'suppressed'])
  expect(movesFor(['active', 'resolved'])).toEqual(['active', 'resolved', 'suppressed'])
  expect(movesFor(['archived'])).toEqual(['active', 'resolved', 'suppressed'])
})
