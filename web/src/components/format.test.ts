import { expect, test } from 'vitest'
import { ago, bytes, compact, counted, duration, exact, timeIn } from './format'

test('durations keep their two largest units', () => {
  expect([0, 0.25, 59, 61, 3_600, 90_061].map(duration)).toEqual([
    '0s',
    '250ms',
    '59s',
    '1m 1s',
    '1h',
    '1d 1h',
  ])
})

test('exact numbers are grouped and short ones are short', () => {
  expect([exact(1234567.891), compact(1234567), compact(9999), exact(null)]).toEqual([
    '1,234,567.89',
    '1.2M',
    '9,999',
    '–',
  ])
  expect([exact(12.345, 'percent'), exact(3, 'number', 'people')]).toEqual(['12.35%', '3 people'])
})

test('bytes', () => {
  expect([bytes(12), bytes(1500), bytes(250_000_000)]).toEqual(['12 B', '1.5 KB', '250 MB'])
})

test('a moment is told in the zone of the project', () => {
  expect(timeIn('America/New_York', '2026-01-01T02:30:00Z', 'minute')).toBe('31 Dec 2025, 21:30')
  expect(timeIn('UTC', 'nonsense')).toBe('nonsense')
})

test('how long ago', () => {
  const now = new Date('2026-01-02T00:00:00Z')
  expect(ago('2026-01-01T23:59:57Z', now)).toBe('just now')
  expect(ago('2026-01-01T22:00:00Z', now)).toBe('2 hours ago')
  expect(ago('2026-01-01T00:00:00Z', now)).toBe('yesterday')
})

test('one of a thing is not many', () => {
  expect([counted(1, 'person', 'people'), counted(0, 'event')]).toEqual(['1 person', '0 events'])
})
