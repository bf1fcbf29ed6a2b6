import { expect, test } from 'vitest'
import { eventsQuery, rowsOf, withFilter } from './eventsQuery'

test('an address that says nothing asks for the newest events of a day', () => {
  expect(eventsQuery({})).toMatchObject({ after: '-24h', orderBy: ['timestamp DESC'] })
  expect(eventsQuery({})).not.toHaveProperty('event')
})

test('what the address says is asked for', () => {
  const properties = [{ type: 'event' as const, key: 'plan', operator: 'exact', value: ['pro'] }]
  const asked = eventsQuery({ date_from: '-7d', event: 'paid', properties, columns: ['event'], oldest: true })
  expect(asked).toMatchObject({ after: '-7d', event: 'paid', properties, orderBy: ['timestamp ASC'] })
  expect(asked.select).toEqual(['*', 'event'])
})

test('a filter without its value does not restrict the list', () => {
  const properties = [{ type: 'event' as const, key: 'plan', operator: 'exact', value: [] }]
  expect(eventsQuery({ properties }).properties).toEqual([])
})

test('a file holds the columns, not the whole events', () => {
  expect(eventsQuery({ columns: ['event'] }, { whole: false }).select).toEqual(['event'])
})

test('an event that is on two pages is one row', () => {
  const event = (uuid: string) => [{ uuid, event: 'a' }, 'a']
  expect(
    rowsOf([
      [event('1'), event('2')],
      [event('2'), event('3')],
    ]).map(one => one.uuid),
  ).toEqual(['1', '2', '3'])
})

test('a value chosen twice filters by the last, and leaves other filters alone', () => {
  const once = withFilter([{ type: 'person', key: 'plan', operator: 'exact', value: ['pro'] }], 'plan', 'a')
  expect(withFilter(once, 'plan', true).map(one => [one.type, one.value])).toEqual([
    ['person', ['pro']],
    ['event', ['true']],
  ])
})

test('a page more leaves the rows before it the same', () => {
  const first = [[{ uuid: '1', event: 'a' }, 'a']]
  const second = [[{ uuid: '2', event: 'a' }, 'a']]
  expect(rowsOf([first, second])[0]).toBe(rowsOf([first])[0])
})
