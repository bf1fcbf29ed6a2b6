import { expect, test } from 'vitest'
import { orderOf, personsOf, personsQuery, sortOf } from './personsQuery'

test('an address that says nothing asks for the newest persons', () => {
  expect(personsQuery({})).toMatchObject({ orderBy: ['created_at DESC', 'id ASC'], properties: [] })
  expect(personsQuery({})).not.toHaveProperty('search')
})

test('the order survives the address', () => {
  for (const sort of [
    { id: 'created_at', descending: true },
    { id: 'created_at', descending: false },
    { id: 'p:-odd', descending: true },
  ]) {
    expect(sortOf({ order: orderOf(sort) })).toEqual(sort)
  }
  expect(sortOf({ order: 'drop table' })).toEqual({ id: 'created_at', descending: true })
})

test('a property with any name can be sorted by', () => {
  expect(personsQuery({ order: '-p:the `plan`' }).orderBy).toEqual([
    'properties.`the \\`plan\\`` DESC',
    'id ASC',
  ])
})

test('a file holds the columns that are shown, the address once', () => {
  expect(personsQuery({ columns: ['email', 'plan'] }, { whole: false }).select).toEqual([
    'id',
    'properties.email',
    'properties.plan',
    'created_at',
  ])
})

test('a person on two pages is one row', () => {
  const one = (id: string) => [{ id, distinct_ids: [], properties: {} }]
  expect(personsOf([[one('a'), one('b')], [one('b')]]).map(person => person.uuid)).toEqual(['a', 'b'])
})
