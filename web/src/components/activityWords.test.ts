import { expect, test } from 'vitest'
import type { Activity, ActivityChange } from '@/api/activity'
import { activityWords, changeWords } from './activityWords'

const change = (field: string | null, before?: unknown, after?: unknown): ActivityChange => ({
  type: 'Insight',
  action: 'changed',
  field,
  before,
  after,
})
const words = (field: string, before?: unknown, after?: unknown) => changeWords(change(field, before, after))
const happened = (activity: string, ...changes: ActivityChange[]) =>
  activityWords({ activity, detail: { name: 'x', changes } } as unknown as Activity)

test('a change says from what to what', () => {
  expect(words('name', 'Exposures', 'Renamed')).toBe('Renamed from “Exposures” to “Renamed”')
  expect(words('week_start_day', 0, 1)).toBe('Changed the week start day from 0 to 1')
  expect(words('description', '', 'Who pays')).toBe('Set the description to “Who pays”')
  expect(words('description', 'Who pays', null)).toBe('Cleared the description, which was “Who pays”')
  expect(words('properties.plan', 'free', 'pro')).toBe('Changed the property plan from “free” to “pro”')
  expect(words('group_properties.seats', null, 12)).toBe('Set the property seats to 12')
})

test('what is on or off is told as a deed', () => {
  expect(words('active', true, false)).toBe('Turned off')
  expect(words('pinned', false, true)).toBe('Pinned')
  expect(words('anonymize_ips', false, true)).toBe('Changed the anonymize ips from off to on')
})

test('what is too large for a sentence is named', () => {
  expect(words('primary_dashboard', null, 1)).toBe('Set the home page’s dashboard')
  expect(words('query', { kind: 'a' }, { kind: 'b' })).toBe('Changed the question')
  expect(words('filters', null, { groups: [] })).toBe('Set what it holds for')
  expect(words('test_account_filters', [{}], [])).toBe('Took away the test account filters')
  expect(words('content', 'a', 'b'.repeat(200)).length).toBeLessThan(100)
})

test('a share of a roll-out that changed alone is told', () => {
  const filters = (...shares: (number | null)[]) => ({
    groups: shares.map(rollout_percentage => ({ properties: [], rollout_percentage })),
    multivariate: null,
  })
  expect(words('filters', filters(25), filters(50))).toBe('Changed the roll-out from 25% to 50%')
  expect(words('filters', filters(25, null), filters(25, 10))).toBe(
    'Changed the roll-out of condition 2 from 100% to 10%',
  )
  expect(words('filters', filters(25), filters(25, 10))).toBe('Changed what it holds for')
})

test('tags are told by what came and went', () => {
  expect(words('tags', [], ['a', 'b'])).toBe('Added the tags “a”, “b”')
  expect(words('tags', ['a'], ['b'])).toBe('Added the tag “b” and took away the tag “a”')
})

test('a deed is one sentence, and its changes are one each', () => {
  expect(happened('created')).toEqual(['Created'])
  expect(happened('deleted', change('deleted', false, true))).toEqual(['Deleted'])
  expect(happened('sharing enabled', change('sharing', false, true))).toEqual(['Shared by a link'])
  expect(happened('updated', change('pinned', true, false), change('name', 'a', 'b'))).toEqual([
    'No longer pinned',
    'Renamed from “a” to “b”',
  ])
  expect(happened('people_merged_into', change(null, null, ['1', '2']))).toEqual([
    'Merged 2 others into this person',
  ])
  expect(happened('updated')).toEqual(['Saved without a change'])
  expect(happened('persons_added', change('members', null, '1200'))).toEqual(['Added 1,200 people'])
  expect(happened('some_new_deed')).toEqual(['Some new deed'])
})
