import { expect, test } from 'vitest'
import { kindOfValue, textOfValue, valueOfText } from './propertyValue'

test.each(['x', '12', 'true', '', 12, -0.5, true, false, null, [1, 'a'], { a: { b: null } }])(
  'a value that is not changed stays as it is: %j',
  value => {
    expect(valueOfText(kindOfValue(value), textOfValue(value))).toEqual(value)
  },
)

test('what is no number, no truth and no JSON is no value', () => {
  expect(valueOfText('number', 'twelve')).toBeUndefined()
  expect(valueOfText('number', ' ')).toBeUndefined()
  expect(valueOfText('number', 'Infinity')).toBeUndefined()
  expect(valueOfText('boolean', 'yes')).toBeUndefined()
  expect(valueOfText('json', '{a: 1}')).toBeUndefined()
})
