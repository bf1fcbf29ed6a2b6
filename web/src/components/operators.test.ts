import { expect, test } from 'vitest'
import type { PropertyFilter } from '@/api/propertyFilter'
import { filterWords, flagOperatorsFor, isComplete, operatorsFor, valueFor } from './operators'

const plan: PropertyFilter = { type: 'event', key: 'plan', operator: 'exact', value: ['pro', 'free'] }

test('a filter reads as a sentence', () => {
  expect(filterWords(plan)).toEqual({ subject: 'plan', words: '=', value: 'pro or free' })
  expect(filterWords({ ...plan, operator: 'between', value: [1, 5] }).value).toBe('1 and 5')
  expect(filterWords({ type: 'cohort', key: 'id', value: 3, operator: 'in', cohort_name: 'Payers' })).toEqual(
    {
      subject: 'Person',
      words: 'in cohort',
      value: 'Payers',
    },
  )
})

test('operators follow the type of the property', () => {
  expect(operatorsFor('Numeric', 'event').map(one => one.id)).toContain('between')
  expect(operatorsFor('Boolean', 'event').map(one => one.id)).not.toContain('regex')
  expect(operatorsFor('DateTime', 'person')[0]?.id).toBe('is_date_after')
  expect(operatorsFor(null, 'cohort')[0]?.id).toBe('in')
})

test('a value outlives a change of the operator as far as it can', () => {
  expect(valueFor('icontains', ['a', 'b'])).toBe('a')
  expect(valueFor('exact', 'a')).toEqual(['a'])
  expect(valueFor('between', '3')).toEqual(['3', ''])
  expect(valueFor('is_set', 'a')).toBe('is_set')
})

test('a filter that lacks its value is not sent', () => {
  expect(isComplete(plan)).toBe(true)
  expect(isComplete({ ...plan, value: [] })).toBe(false)
  expect(isComplete({ ...plan, operator: 'between', value: ['1', ''] })).toBe(false)
  expect(isComplete({ ...plan, operator: 'is_set', value: null })).toBe(true)
  expect(isComplete({ type: 'hogql', key: ' ' })).toBe(false)
})

test('flags know more of a property than queries, and no ranges', () => {
  const ids = flagOperatorsFor('Numeric', 'person').map(one => one.id)
  expect(ids.slice(0, 3)).toEqual(['exact', 'is_not', 'gt'])
  expect(ids).toContain('semver_caret')
  expect(ids).not.toContain('between')
  expect(new Set(ids).size).toBe(ids.length)
})

test('a condition on another flag names it by its key', () => {
  const filter = {
    type: 'flag' as const,
    key: '7',
    label: 'beta',
    operator: 'flag_evaluates_to',
    value: true,
  }
  expect(filterWords(filter)).toEqual({ subject: 'Flag beta', words: '=', value: 'on' })
})
