import { expect, test } from 'vitest'
import { cellText, columnsOf, jsonIn, kindOf, plainType, sorted } from './rows'

test('a type is told without its wrappings', () => {
  expect(plainType('LowCardinality(Nullable(String))')).toBe('String')
  expect(plainType('Array(Nullable(String))')).toBe('Array(Nullable(String))')
})

test('kinds follow from types', () => {
  expect(
    ['UInt64', 'Decimal(9, 2)', 'Bool', "DateTime64(6, 'UTC')", 'Array(String)', 'UUID'].map(kindOf),
  ).toEqual(['number', 'number', 'boolean', 'time', 'json', 'text'])
})

test('columns of one name stay apart, and wide cells have a limit', () => {
  const columns = columnsOf(
    ['a', 'a'],
    [
      ['a', 'Nullable(UInt8)'],
      ['a', 'String'],
    ],
    [[1, 'x'.repeat(5000)]],
  )
  expect(columns.map(one => [one.index, one.kind])).toEqual([
    [0, 'number'],
    [1, 'text'],
  ])
  expect(columns[1]?.width).toBeLessThan(500)
})

test('numbers sort as numbers, also when they came as text, and nothing comes last', () => {
  const rows = [[10], ['9'], [null], [2]]
  expect(sorted(rows, { index: 0, descending: false })).toEqual([3, 1, 0, 2])
  expect(sorted(rows, { index: 0, descending: true })).toEqual([0, 1, 3, 2])
})

test('equal rows keep their order', () => {
  expect(sorted([['b'], ['a'], ['b'], ['a']], { index: 0, descending: true })).toEqual([0, 2, 1, 3])
})

test('JSON is found in text, and text that is none stays text', () => {
  expect(jsonIn('{"a": [1]}')).toEqual({ a: [1] })
  expect(jsonIn('{no')).toBeUndefined()
  expect(jsonIn('5')).toBeUndefined()
  expect(cellText([1, 'a'])).toBe('[1,"a"]')
  expect(cellText(null)).toBe('')
})
