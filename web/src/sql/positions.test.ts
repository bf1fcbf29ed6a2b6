import { expect, test } from 'vitest'
import { charactersBefore, unitOf } from './positions'

test('places agree until an emoji stands before them', () => {
  const text = "select '🦔', evnt"
  expect(charactersBefore(text, text.indexOf('evnt'))).toBe(text.indexOf('evnt') - 1)
  expect(text.slice(unitOf(text, 12))).toBe('evnt')
})

test('a place behind the end is the end', () => {
  expect(unitOf('abc', 10)).toBe(3)
})
