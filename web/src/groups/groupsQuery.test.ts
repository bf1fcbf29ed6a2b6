import { expect, test } from 'vitest'
import { groupsOf, groupsQuery, orderOf, sortOf } from './groupsQuery'

const plan = { type: 'group' as const, group_type_index: 1, key: 'plan', operator: 'exact', value: ['pro'] }

test('the list asks for groups of its type, searched, filtered and ordered', () => {
  const state = { search: 'acme', properties: [plan], order: '-p:seat count' }
  expect(groupsQuery(1, state)).toEqual({
    kind: 'GroupsQuery',
    group_type_index: 1,
    select: ['key', 'created_at', 'properties'],
    search: 'acme',
    properties: [plan],
    orderBy: ['properties.`seat count` DESC', 'key ASC'],
  })
  expect(groupsQuery(1, {}, ['plan']).select).toEqual(['group_name', 'key', 'properties.plan', 'created_at'])
})

test('filters by another type, or without a value, are left out', () => {
  const properties = [
    { ...plan, group_type_index: 0 },
    { ...plan, value: [] },
  ]
  expect(groupsQuery(1, { properties }).properties).toEqual([])
})

test('the newest come first, unless another order is asked for', () => {
  expect(sortOf({})).toEqual({ id: 'created_at', descending: true })
  expect(sortOf({ order: 'key' })).toEqual({ id: 'key', descending: false })
  expect(sortOf({ order: 'now()' })).toEqual({ id: 'created_at', descending: true })
  for (const order of ['key', '-group_name', 'created_at', '-p:plan']) {
    expect(orderOf(sortOf({ order }))).toBe(order)
  }
  expect(orderOf(sortOf({}))).toBeUndefined()
})

test('one that is on two pages is shown once', () => {
  const row = (key: string) => [key, '2026-01-01T00:00:00Z', { name: key }]
  const found = groupsOf(1, [
    [row('a'), row('b')],
    [row('b'), row('c')],
  ])
  expect(found.map(one => one.group_key)).toEqual(['a', 'b', 'c'])
  expect(found[0]).toEqual({
    group_type_index: 1,
    group_key: 'a',
    created_at: '2026-01-01T00:00:00Z',
    group_properties: { name: 'a' },
  })
})
