import { expect, test } from 'vitest'
import type { FlagDefinition } from '@/api/flag'
import { differences } from './differences'

const flag: FlagDefinition = {
  key: 'a',
  name: '',
  filters: { groups: [{ properties: [], rollout_percentage: 10 }] },
  active: true,
  archived: false,
  deleted: false,
  ensure_experience_continuity: null,
  evaluation_runtime: null,
  bucketing_identifier: null,
  evaluation_contexts: [],
  is_remote_configuration: false,
  has_encrypted_payloads: false,
}

test('the same flag has no differences, whatever the order of its keys', () => {
  const turned = { ...flag, filters: { groups: [{ rollout_percentage: 10, properties: [] }] } }
  expect(differences(flag, turned)).toEqual([])
})

test('nothing and an empty thing are the same', () => {
  expect(differences(flag, { ...flag, filters: { ...flag.filters, payloads: {} } })).toEqual([])
})

test('a change of one set names that set', () => {
  const groups = [{ properties: [], rollout_percentage: 20 }]
  const [found, ...others] = differences(flag, { ...flag, active: false, filters: { groups } })
  expect(found).toEqual({ field: 'On', before: 'true', after: 'false' })
  expect(others.map(one => one.field)).toEqual(['Condition set 1'])
})

test('a set that is new has nothing before', () => {
  const groups = [...(flag.filters.groups ?? []), { rollout_percentage: 5 }]
  expect(differences(flag, { ...flag, filters: { groups } })).toEqual([
    { field: 'Condition set 2', before: '', after: '{\n  "rollout_percentage": 5\n}' },
  ])
})
