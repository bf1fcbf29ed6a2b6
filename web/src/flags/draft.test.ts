import { expect, test } from 'vitest'
import type { Flag } from '@/api/flag'
import { bodyOf, changeOf, copyOf, draftOf, emptyDraft, isChanged, newCondition, REDACTED } from './draft'

const flag: Flag = {
  id: 7,
  key: 'checkout',
  name: 'The new one',
  filters: {
    groups: [
      {
        properties: [{ type: 'person', key: 'plan', operator: 'exact', value: ['pro'] }],
        rollout_percentage: 25,
      },
      { properties: [], rollout_percentage: 5, variant: 'test', sort_key: 'x' },
    ],
    multivariate: {
      variants: [
        { key: 'control', rollout_percentage: 50 },
        { key: 'test', name: 'Bold', rollout_percentage: 50 },
      ],
    },
    payloads: { test: '{"a": 1}', 'holdout-3': '1' },
    holdout: { id: 3, exclusion_percentage: 10 },
  },
  active: true,
  archived: false,
  deleted: false,
  ensure_experience_continuity: null,
  evaluation_runtime: null,
  bucketing_identifier: null,
  evaluation_contexts: [],
  is_remote_configuration: false,
  has_encrypted_payloads: false,
  version: 4,
  status: 'ACTIVE',
  tags: ['shop'],
  created_at: '2026-11-01T00:00:00Z',
  updated_at: null,
  created_by: null,
  last_modified_by: null,
  last_called_at: null,
  usage_dashboard: null,
  has_enriched_analytics: false,
  is_used_in_replay_settings: false,
}

test('a flag that nobody touched has nothing to save', () => {
  expect(changeOf(draftOf(flag), flag)).toEqual({})
  expect(isChanged(draftOf(flag), draftOf(flag))).toBe(false)
})

test('what the editor does not know is sent back as it came', () => {
  const { filters } = bodyOf(draftOf(flag), flag)
  expect(filters?.holdout).toEqual({ id: 3, exclusion_percentage: 10 })
  expect(filters?.payloads).toEqual({ test: '{"a": 1}', 'holdout-3': '1' })
  expect(filters?.groups?.[1]).toMatchObject({ sort_key: 'x', variant: 'test', rollout_percentage: 5 })
})

test('a holdout is changed with its payload, and gone with it', () => {
  const draft = draftOf(flag)
  expect(draft.holdout).toEqual({ id: 3, exclusion: 10, payload: '1' })
  const other = bodyOf({ ...draft, holdout: { id: 4, exclusion: 5, payload: '2' } }, flag).filters
  expect(other?.holdout).toEqual({ id: 4, exclusion_percentage: 5 })
  expect(other?.payloads).toEqual({ test: '{"a": 1}', 'holdout-4': '2' })
  const none = changeOf({ ...draft, holdout: null }, flag).filters
  expect(none && 'holdout' in none).toBe(false)
  expect(none?.payloads).toEqual({ test: '{"a": 1}' })
})

test('early access is turned on and off, and not mentioned where it never was', () => {
  expect(bodyOf(draftOf(flag), flag).filters).not.toHaveProperty('feature_enrollment')
  const on = changeOf({ ...draftOf(flag), enrollment: true }, flag).filters
  expect(on?.feature_enrollment).toBe(true)
  const before = { ...flag, filters: { ...flag.filters, feature_enrollment: true } }
  expect(changeOf({ ...draftOf(before), enrollment: false }, before).filters?.feature_enrollment).toBe(false)
})

test('conditions of older early access and holdouts are sent back as they came', () => {
  const old = { super_groups: [{ properties: [], rollout_percentage: 100 }], holdout_groups: [] }
  const before = { ...flag, filters: { ...flag.filters, ...old } }
  expect(changeOf(draftOf(before), before)).toEqual({})
  expect(bodyOf({ ...draftOf(before), enrollment: true }, before).filters).toMatchObject(old)
})

test('only what was changed is sent', () => {
  expect(changeOf({ ...draftOf(flag), description: 'Newer' }, flag)).toEqual({ name: 'Newer' })
})

test('a variant that is gone takes its payload and its override along', () => {
  const draft = draftOf(flag)
  const { filters } = bodyOf({ ...draft, variants: draft.variants.slice(0, 1) }, flag)
  expect(filters?.payloads).toEqual({ 'holdout-3': '1' })
  expect(filters?.groups?.[1]?.variant).toBeNull()
})

test('sets that look at the same groups make the flag look at them', () => {
  const draft = { ...emptyDraft(), conditions: [{ ...newCondition(), groupType: 1 }] }
  expect(bodyOf(draft).filters).toMatchObject({ aggregation_group_type_index: 1 })
  expect(bodyOf(draft).filters?.groups?.[0]).not.toHaveProperty('aggregation_group_type_index')
})

test('sets that look at different things say it one by one, and are read back so', () => {
  const draft = {
    ...emptyDraft(),
    key: 'a',
    conditions: [newCondition(), { ...newCondition(), groupType: 0 }],
  }
  const body = bodyOf(draft)
  expect(body.filters?.aggregation_group_type_index).toBeNull()
  const read = draftOf({ ...flag, ...body } as Flag)
  expect(read.conditions.map(one => one.groupType)).toEqual([null, 0])
})

test('a copy has another key and no secret', () => {
  const secret = { ...flag, filters: { payloads: { true: REDACTED } }, is_remote_configuration: true }
  const copy = copyOf({ ...secret, has_encrypted_payloads: true })
  expect(copy).toMatchObject({ key: 'checkout-copy', payload: '', kind: 'remote', encrypted: true })
})

test('a secret that was not replaced is sent as it is shown, which keeps it', () => {
  const secret = {
    ...flag,
    filters: { payloads: { true: REDACTED } },
    is_remote_configuration: true,
    has_encrypted_payloads: true,
  }
  expect(bodyOf(draftOf(secret), secret).filters?.payloads).toEqual({ true: REDACTED })
})
