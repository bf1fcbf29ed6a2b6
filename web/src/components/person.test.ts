import { expect, test } from 'vitest'
import { personName } from './person'

test('a person goes by the first property that the project names', () => {
  const person = { properties: { name: 'Ada', email: 'ada@example.com' } }
  expect(personName(person, 'd1', ['name', 'email'])).toBe('Ada')
  expect(personName(person, 'd1', null)).toBe('ada@example.com')
})

test('who has told nothing goes by their id', () => {
  expect(personName({ properties: { email: ' ' } }, 'd1', ['email'])).toBe('d1')
})
