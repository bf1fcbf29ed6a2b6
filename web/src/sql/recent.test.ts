import { expect, test } from 'vitest'
import { RECENT_MAX, readRecent, withRecent } from './recent'

test('a query that is run again moves up and is there once', () => {
  const before = [
    { query: 'select 2', at: '2' },
    { query: 'select 1', at: '1' },
  ]
  expect(withRecent(before, ' select 1 ', '3').map(one => one.query)).toEqual(['select 1', 'select 2'])
})

test('only so many are kept', () => {
  let recent = readRecent('[]')
  for (let number = 0; number < 40; number += 1) recent = withRecent(recent, `select ${number}`, '')
  expect(recent).toHaveLength(RECENT_MAX)
  expect(recent[0]?.query).toBe('select 39')
})

test('what the browser kept badly is forgotten', () => {
  expect(readRecent('{"a":')).toEqual([])
  expect(readRecent('[{"query": 5}, null, {"query": "select 1", "at": "x"}]')).toHaveLength(1)
  expect(readRecent(null)).toEqual([])
})
