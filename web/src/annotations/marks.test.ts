import { expect, test } from 'vitest'
import type { Annotation } from '@/api/annotation'
import { marksOf, momentAt } from './marks'

const ada = { id: 1, uuid: 'u', first_name: 'Ada', last_name: '', email: 'ada@example.org' }
const note = (date_marker: string | null, content: string | null, more: Partial<Annotation> = {}) =>
  ({ date_marker, content, emoji: null, created_by: ada, ...more }) as unknown as Annotation

test('a note stands at the day that it was on in the zone of the project', () => {
  const days = ['2026-01-09', '2026-01-10', '2026-01-11']
  const late = note('2026-01-10T23:30:00Z', 'Released')
  expect(marksOf([late], days, 'day', 'UTC')).toEqual([
    { x: '2026-01-10', text: 'Released', by: 'Ada · 10 Jan 2026, 23:30' },
  ])
  expect(marksOf([late], days, 'day', 'Europe/Berlin').map(one => one.x)).toEqual(['2026-01-11'])
})

test('a note stands at the week, month or hour that it lies in', () => {
  const one = note('2026-01-15T10:30:00Z', 'x')
  const at = (x: string[], interval: 'week' | 'month' | 'hour') =>
    marksOf([one], x, interval, 'UTC').map(mark => mark.x)
  expect(at(['2026-01-04', '2026-01-11', '2026-01-18'], 'week')).toEqual(['2026-01-11'])
  expect(at(['2025-12-01', '2026-01-01'], 'month')).toEqual(['2026-01-01'])
  expect(at(['2026-01-15 09:00:00', '2026-01-15 10:00:00'], 'hour')).toEqual(['2026-01-15 10:00:00'])
  expect(at(['2026-01-15 08:00:00', '2026-01-15 09:00:00'], 'hour')).toEqual([])
})

test('notes outside of the chart, without a moment or without words are left out', () => {
  const days = ['2026-01-09', '2026-01-10']
  const notes = [
    note('2026-01-08T23:59:59Z', 'before'),
    note('2026-01-11T00:00:00Z', 'after'),
    note(null, 'never'),
    note('2026-01-09T12:00:00Z', null),
    note('2026-01-09T12:00:00Z', null, { emoji: '🎉' }),
  ]
  expect(marksOf(notes, days, 'day', 'UTC').map(one => one.text)).toEqual(['🎉'])
  expect(marksOf(notes, [], 'day', 'UTC')).toEqual([])
  expect(marksOf(notes, ['1 day'], undefined, 'UTC')).toEqual([])
})

test('notes of one point are in the order of their moments', () => {
  const notes = [note('2026-01-09T12:00:00Z', 'second'), note('2026-01-09T08:00:00Z', 'first')]
  expect(marksOf(notes, ['2026-01-09'], 'day', 'UTC').map(one => one.text)).toEqual(['first', 'second'])
})

test('a new note begins with its interval, or now', () => {
  const now = new Date('2026-01-10T14:05:00Z')
  expect(momentAt('2026-01-09', 'day', 'Europe/Berlin', now)).toBe('2026-01-08T23:00:00.000Z')
  expect(momentAt('2026-01-09 13:00:00', 'hour', 'UTC', now)).toBe('2026-01-09T13:00:00.000Z')
  expect(momentAt('2026-01-10', 'day', 'UTC', now)).toBe(now.toISOString())
})
