import { expect, test } from 'vitest'
import { summaryOf } from './summary'

test('rows and time in a line', () => {
  expect(summaryOf({ results: [[1]], columns: ['a'] }, 42)).toBe('1 row · 42 ms')
  expect(summaryOf({ results: [], columns: [] }, undefined)).toBe('0 rows')
})

test('rows that were left out are told of', () => {
  const results = Array.from({ length: 1000 }, () => [1])
  expect(summaryOf({ results, columns: ['a'], hasMore: true }, 2345)).toContain(
    'The first 1,000 rows; there are more',
  )
})
