import { expect, test } from 'vitest'
import { savedQuery, sqlQuery, variablesIn, visualization } from './visualization'

test('what is saved comes back', () => {
  const variables = { a: { variableId: 'a', code_name: 'plan', value: 'pro' } }
  const drawing = { display: 'ActionsBar' as const, x: 'day', y: ['users'] }
  const kept = visualization(sqlQuery('select 1', variables), drawing)
  expect(savedQuery(kept)).toEqual({ query: 'select 1', variables, isTable: false, ...drawing })
})

test('a query that is not drawn is a table', () => {
  expect(savedQuery(visualization(sqlQuery('select 1'), {}))).toMatchObject({ isTable: true })
})

test('an insight of another kind is not opened', () => {
  expect(savedQuery({ kind: 'InsightVizNode', source: { kind: 'TrendsQuery' } })).toBeNull()
  expect(savedQuery(null)).toBeNull()
})

test('a bare query is opened too', () => {
  expect(savedQuery({ kind: 'HogQLQuery', query: 'select 2' })).toMatchObject({ query: 'select 2' })
})

test('variables are found once each', () => {
  expect(variablesIn('select {variables.a}, { variables.b_2 }, {variables.a}, {filters}')).toEqual([
    'a',
    'b_2',
  ])
})
