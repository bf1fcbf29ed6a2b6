import { expect, test } from 'vitest'
import { date, filters, flag, oneOf, search, text, texts, whole } from './urlState'

const read = search({
  q: text,
  page: whole,
  all: flag,
  date_from: date,
  by: oneOf('day', 'week'),
  properties: filters,
})

test('a link that says everything rightly is read wholly', () => {
  const properties = [{ type: 'event', key: 'plan', operator: 'exact', value: ['pro'] }]
  const given = { q: 'a', page: 2, all: true, date_from: '-7d', by: 'week', properties }
  expect(read(given)).toEqual(given)
})

test('what a link says wrongly is left out', () => {
  const given = {
    q: '',
    page: -1,
    all: 'yes',
    date_from: 'soon',
    by: 'decade',
    properties: [{ key: 1 }],
    other: 1,
  }
  expect(read(given)).toEqual({})
})

test('text that looks like a number stays text', () => {
  expect(read({ q: 2026 })).toEqual({ q: '2026' })
})

test('a list keeps its texts only', () => {
  expect(texts(['a', 1, null, 'b'])).toEqual(['a', 'b'])
})
