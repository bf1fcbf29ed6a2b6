import { expect, test } from 'vitest'
import type { SchemaTable } from '@/api/editor'
import { matching } from './schema'

function table(name: string, ...fields: string[]): SchemaTable {
  const one = (field: string) => [field, { name: field, hogql_value: field, type: 'string' }] as const
  return { id: name, name, type: 'posthog', fields: Object.fromEntries(fields.map(one)) }
}

const tables = [
  table('raw_persons', 'id'),
  table('heatmaps', 'x'),
  table('persons', 'id', 'email'),
  table('events', 'event'),
]

test('what is asked for most comes first, what is raw last', () => {
  expect(matching(tables, '').map(one => one.name)).toEqual(['events', 'persons', 'heatmaps', 'raw_persons'])
})

test('a search leaves the columns that fit, and all of a table that fits', () => {
  expect(matching(tables, 'EMAIL').map(one => Object.keys(one.fields))).toEqual([['email']])
  expect(Object.keys(matching(tables, 'persons')[0]?.fields ?? {})).toEqual(['id', 'email'])
  expect(matching(tables, 'nothing')).toEqual([])
})
