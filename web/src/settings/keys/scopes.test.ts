import { expect, test } from 'vitest'
import { scopeName, scopesOf } from './scopes'

test('changing takes reading along, and nothing gives nothing', () => {
  expect(scopesOf({ insight: 'write', cohort: 'read', person: 'none' })).toEqual([
    'insight:read',
    'insight:write',
    'cohort:read',
  ])
  expect(scopesOf({})).toEqual([])
})

test('names are words', () => {
  expect(scopeName('feature_flag')).toBe('Feature flag')
})
