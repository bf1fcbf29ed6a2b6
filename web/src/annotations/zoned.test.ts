import { expect, test } from 'vitest'
import { fromField, toField } from './zoned'

test.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'])(
  'a moment survives the field in %s, through a whole year',
  zone => {
    for (let day = 0; day < 365; day += 1) {
      const moment = new Date(Date.UTC(2026, 0, 1 + day, 12, 34)).toISOString()
      expect(fromField(toField(moment, zone), zone)).toBe(moment)
    }
  },
)

test('the field shows the time of the zone', () => {
  expect(toField('2026-07-01T23:30:00Z', 'Europe/Berlin')).toBe('2026-07-02T01:30')
  expect(fromField('2026-01-02T00:30', 'Europe/Berlin')).toBe('2026-01-01T23:30:00.000Z')
})

test('just after the clocks change the new offset counts', () => {
  expect(fromField('2026-03-29T03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  expect(fromField('2026-03-29T01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z')
})

test('an empty field is no moment', () => {
  expect(fromField('', 'UTC')).toBeNull()
  expect(toField('never', 'UTC')).toBe('')
})
