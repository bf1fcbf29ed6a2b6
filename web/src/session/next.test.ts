import { expect, test } from 'vitest'
import { safeNext } from './next'

test('one returns to where one was', () => {
  expect(safeNext('/project/1/events?date_from=-7d')).toBe('/project/1/events?date_from=-7d')
})

test('no link leads away from this site', () => {
  for (const evil of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    undefined,
  ]) {
    expect(safeNext(evil)).toBe('/')
  }
})
