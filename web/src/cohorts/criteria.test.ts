import { expect, test } from 'vitest'
import {
  type BehaviorKind,
  type Criterion,
  criteriaOf,
  criterionOf,
  EMPTY,
  filtersOf,
  isFilled,
  isWhole,
} from './criteria'

const KINDS: BehaviorKind[] = [
  'performed_event',
  'performed_event_multiple',
  'performed_event_first_time',
  'performed_event_regularly',
  'performed_event_sequence',
  'stopped_performing_event',
  'restarted_performing_event',
]

const within = (...values: unknown[]) => ({
  properties: { type: 'OR', values: [{ type: 'AND', values }] },
})

test('what is read and not changed is written as it was', () => {
  const filters = within(
    { type: 'person', key: 'plan', operator: 'exact', value: ['team'] },
    { type: 'cohort', key: 'id', value: 3, negation: true },
    {
      type: 'behavioral',
      value: 'performed_event_multiple',
      key: 'paid',
      event_type: 'events',
      operator: 'gte',
      operator_value: 3,
      time_value: 30,
      time_interval: 'day',
      event_filters: [{ type: 'event', key: 'amount', operator: 'gt', value: 5 }],
    },
  )
  expect(filtersOf(criteriaOf(filters))).toEqual(filters)
})

test('groups that are nested deeper, and kinds of later days, are kept', () => {
  const deep = { type: 'OR', values: [{ type: 'AND', values: [] }] }
  const filters = within(deep, { type: 'telepathy', key: 'x' })
  expect(filtersOf(criteriaOf(filters))).toEqual(filters)
})

test('criteria without groups become a group that means the same', () => {
  const one = { type: 'person', key: 'plan', operator: 'is_set', value: 'is_set' }
  expect(filtersOf(criteriaOf({ properties: { type: 'AND', values: [one] } }))).toEqual(within(one))
})

test('nothing to read is one criterion to fill in', () => {
  for (const nothing of [null, {}, { properties: { type: 'OR', values: [] } }, 'x']) {
    expect(criteriaOf(nothing)).toEqual(EMPTY)
  }
  expect(isWhole(EMPTY)).toBe(false)
})

test.each(KINDS)('%s is filled once its events are chosen', kind => {
  const begun = criterionOf(kind)
  expect(isFilled(begun)).toBe(false)
  const named = { ...begun, key: 'paid', seq_event: 'left' } as Criterion
  expect(isFilled(named)).toBe(true)
})

test('another kind keeps the event and its window', () => {
  const before = { ...criterionOf('performed_event'), key: 'paid', time_value: 7 } as Criterion
  expect(criterionOf('performed_event_multiple', before)).toMatchObject({ key: 'paid', time_value: 7 })
})

test('somebody active in more periods than there are is nobody', () => {
  const one = { ...criterionOf('performed_event_regularly'), key: 'paid', min_periods: 5 } as Criterion
  expect(isFilled(one)).toBe(false)
})

test('counts that came as texts are numbers', () => {
  const read = criteriaOf(
    within({ type: 'behavioral', value: 'performed_event', key: 'a', event_type: 'events', time_value: '7' }),
  )
  expect(read.groups[0]?.values[0]).toMatchObject({ time_value: 7 })
})
