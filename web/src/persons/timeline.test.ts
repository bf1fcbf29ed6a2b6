import { expect, test } from 'vitest'
import type { EventRow } from '@/events/eventsQuery'
import { visitsOf } from './timeline'

const event = (uuid: string, minute: number, session?: string): EventRow => ({
  uuid,
  event: 'e',
  timestamp: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  distinct_id: 'd',
  properties: session ? { $session_id: session } : {},
  elements_chain: '',
  cells: [],
})
const shown = (events: EventRow[]) =>
  visitsOf(events).map(visit => [visit.sessionId, visit.events.map(one => one.uuid).join('')])

test('events of a session are together, the newest session first', () => {
  expect(shown([event('d', 9, 's2'), event('c', 8, 's2'), event('b', 3, 's1'), event('a', 1, 's1')])).toEqual(
    [
      ['s2', 'dc'],
      ['s1', 'ba'],
    ],
  )
})

test('an event of a server in the midst of a session is shown there', () => {
  expect(shown([event('c', 5, 's'), event('b', 4), event('a', 3, 's')])).toEqual([['s', 'cba']])
})

test('events between sessions stand by themselves', () => {
  expect(
    shown([event('e', 9), event('d', 8, 's2'), event('c', 5), event('b', 4), event('a', 1, 's1')]),
  ).toEqual([
    [null, 'e'],
    ['s2', 'd'],
    [null, 'cb'],
    ['s1', 'a'],
  ])
})

test('a visit lasts from its first to its last event', () => {
  const [visit] = visitsOf([event('b', 7, 's'), event('a', 2, 's')])
  expect([visit?.start, visit?.end]).toEqual(['2026-01-01T00:02:00Z', '2026-01-01T00:07:00Z'])
})

test('sessions that overlap stay whole', () => {
  expect(shown([event('d', 9, 'x'), event('c', 8, 'y'), event('b', 7, 'x'), event('a', 6, 'y')])).toEqual([
    ['x', 'db'],
    ['y', 'ca'],
  ])
})
