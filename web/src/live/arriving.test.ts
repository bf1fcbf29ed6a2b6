import { expect, test } from 'vitest'
import type { LiveEvent } from '@/api/liveEvent'
import { askedFor, KEPT_MAX, withArrived } from './arriving'

function event(id: number): LiveEvent {
  const timestamp = new Date(1_800_000_000_000 + id * 1000).toISOString()
  return {
    id: String(id),
    event: 'a',
    distinct_id: 'd',
    timestamp,
    properties: {},
    elements_chain: '',
    person: null,
  }
}

test('what is there at first is not new, what comes later is, and nothing is there twice', () => {
  const first = withArrived([], [event(2), event(1)])
  const second = withArrived(first, [event(3), event(2)])
  expect(second.map(one => [one.event.id, one.isNew])).toEqual([
    ['3', true],
    ['2', false],
    ['1', false],
  ])
})

test('a poll that brings nothing changes nothing', () => {
  const known = withArrived([], [event(1)])
  expect(withArrived(known, [event(1)])).toBe(known)
})

test('only so many are kept, the newest', () => {
  const many = Array.from({ length: KEPT_MAX + 50 }, (_, id) => event(id))
  const kept = withArrived([], many)
  expect(kept).toHaveLength(KEPT_MAX)
  expect(kept[0]?.event.id).toBe(String(KEPT_MAX + 49))
})

test('a UUID names a person, anything else a distinct id', () => {
  expect(askedFor(undefined, '01a2095b-b7ff-7dd4-9dc0-0f697a157e63')).toHaveProperty('person_id')
  expect(askedFor('a', ' ada@example.com ')).toEqual({ event: 'a', distinct_id: 'ada@example.com' })
  expect(askedFor(undefined, undefined)).toEqual({})
})
