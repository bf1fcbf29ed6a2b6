import { expect, test } from 'vitest'
import { carriersQuery, countsOf, volumesQuery } from './questions'

test('names stay text, whatever they hold', () => {
  expect(volumesQuery(["it's"])?.query).toContain("IN ('it\\'s')")
  expect(carriersQuery('a b`c').query).toContain('properties.`a b\\`c`')
})

test('no names are no question', () => {
  expect(volumesQuery([])).toBeNull()
})

test('counts by name', () => {
  expect(countsOf([['a', 2]]).get('a')).toBe(2)
  expect(countsOf(undefined).size).toBe(0)
})
