import { expect, test } from 'vitest'
import { colorOf, isIncomplete, PALETTE, PALETTE_DARK, pointLabel, total } from './series'

test('a day that is not over yet in the zone of the project is incomplete', () => {
  const now = new Date('2026-01-10T02:00:00Z')
  expect(isIncomplete(['2026-01-09', '2026-01-10'], 'day', 'UTC', now)).toBe(true)
  expect(isIncomplete(['2026-01-09', '2026-01-10'], 'day', 'America/New_York', now)).toBe(false)
  expect(isIncomplete(['2026-01-08', '2026-01-09'], 'day', 'America/New_York', now)).toBe(true)
})

test('the running week, month and hour are incomplete too', () => {
  const now = new Date('2026-01-31T10:30:00Z')
  expect(isIncomplete(['2026-01-25'], 'week', 'UTC', now)).toBe(true)
  expect(isIncomplete(['2026-01-18'], 'week', 'UTC', now)).toBe(false)
  expect(isIncomplete(['2026-01-01'], 'month', 'UTC', now)).toBe(true)
  expect(isIncomplete(['2026-01-31 10:00:00'], 'hour', 'UTC', now)).toBe(true)
  expect(isIncomplete(['2026-01-31 09:00:00'], 'hour', 'UTC', now)).toBe(false)
})

test('points are told as days, hours and months', () => {
  expect(pointLabel('2026-01-09', 'day')).toBe('9 Jan')
  expect(pointLabel('2026-01-09', 'day', true)).toBe('Fri, 9 Jan 2026')
  expect(pointLabel('2026-01-09 13:00:00', 'hour')).toBe('9 Jan, 13:00')
  expect(pointLabel('2026-01-01', 'month')).toBe('Jan 2026')
  expect(pointLabel('Chrome', undefined)).toBe('Chrome')
})

test('the palettes have ten colours each, none twice', () => {
  for (const palette of [PALETTE, PALETTE_DARK]) expect(new Set(palette).size).toBe(10)
  expect(colorOf(10, false)).toBe(PALETTE[0])
})

test('a missing point adds nothing', () => {
  expect(total({ id: 'a', name: 'a', data: [1, null, 2] })).toBe(3)
})
