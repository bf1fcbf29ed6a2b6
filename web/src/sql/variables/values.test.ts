import { expect, test } from 'vitest'
import type { Variable } from '@/api/variable'
import { valuesFor } from './values'

const plan: Variable = {
  id: '1',
  name: 'Plan',
  code_name: 'plan',
  type: 'String',
  default_value: 'free',
  values: null,
}

test('a variable has its default until a value is chosen', () => {
  expect(valuesFor(['plan'], [plan], {})['1']).toMatchObject({ code_name: 'plan', value: 'free' })
  expect(valuesFor(['plan'], [plan], { '1': 'pro' })['1']).toMatchObject({ value: 'pro' })
})

test('no value is NULL', () => {
  expect(valuesFor(['plan'], [plan], { '1': '' })['1']).toMatchObject({ isNull: true })
})

test('only what the query speaks of is sent', () => {
  expect(valuesFor(['other'], [plan], {})).toEqual({})
})
