import { expect, test } from 'vitest'
import { readied } from './askable'
import { derivedName } from './derivedName'
import { mathValue, withMath } from './math'

const node = { kind: 'EventsNode', event: 'paid', name: 'paid' }

test('what another way of counting does not need is taken away', () => {
  const sum = { ...withMath(node, 'sum'), math_property: 'amount', math_property_type: 'event_properties' }
  expect(withMath(sum, 'p90')).toMatchObject({ math: 'p90', math_property: 'amount' })
  expect(withMath(sum, 'dau')).toEqual({ ...node, math: 'dau' })
  expect(withMath(sum, 'total')).toEqual(node)
  const groups = withMath(sum, 'unique_group:2')
  expect(groups).toEqual({ ...node, math: 'unique_group', math_group_type_index: 2 })
  expect(mathValue(groups)).toBe('unique_group:2')
})

test('a question is not asked before it is said', () => {
  const query = { kind: 'TrendsQuery', series: [node, { ...node, math: 'sum' }] }
  expect(readied(query).missing).toMatch(/^Series B needs a property/)
  expect(readied({ kind: 'FunnelsQuery', series: [node] }).missing).toMatch(/two steps/)
  expect(readied({ kind: 'TrendsQuery', series: [node] }).missing).toBeNull()
})

test('filters without a value are left out of what is asked', () => {
  const empty = { type: 'event' as const, key: 'plan', operator: 'exact', value: [] }
  const query = { kind: 'TrendsQuery', series: [{ ...node, properties: [empty] }], properties: [empty] }
  const asked = readied(query).query
  expect([asked.properties, asked.series?.[0]?.properties]).toEqual([[], []])
})

test('an insight that nobody named says what it counts', () => {
  const breakdownFilter = { breakdown: '$browser', breakdown_type: 'event' }
  expect(derivedName({ kind: 'TrendsQuery', series: [{ ...node, math: 'dau' }], breakdownFilter })).toBe(
    'paid unique users by browser',
  )
  const steps = [{ ...node, name: '$pageview' }, node]
  expect(derivedName({ kind: 'FunnelsQuery', series: steps })).toBe('Pageview → paid')
})
