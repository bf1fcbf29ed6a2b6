import { expect, test } from 'vitest'
import { cleaned, ruleProblem, rulesOf } from './pathCleaning'

test('rules work one after the other', () => {
  const rules = [
    { regex: '\\d+', alias: '<id>' },
    { regex: '^/user/<id>$', alias: '/profile' },
  ]
  expect(cleaned('/user/17', rules)).toBe('/profile')
  expect(cleaned('/a/1/b/2', rules)).toBe('/a/<id>/b/<id>')
})

test('a rule that is no expression changes nothing', () => {
  const rules = [{ regex: '(', alias: 'x' }]
  expect(ruleProblem({ regex: '(', alias: 'x' })).not.toBeNull()
  expect(cleaned('/a(', rules)).toBe('/a(')
})

test('an alias is text, whatever dollars are in it', () => {
  expect(cleaned('/a/1', [{ regex: '\\d', alias: '$&$1' }])).toBe('/a/$&$1')
})

test('what is kept in another shape is left out', () => {
  expect(rulesOf([{ regex: 'a', alias: 'b' }, null, { alias: 'b' }, 5])).toEqual([{ regex: 'a', alias: 'b' }])
  expect(rulesOf(null)).toEqual([])
})
