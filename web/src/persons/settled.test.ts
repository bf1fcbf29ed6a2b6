import { expect, test } from 'vitest'
import type { Person } from '@/api/person'
import { isGone, isMerged, isSplit } from './settled'

const ada = { id: 'A', distinct_ids: ['ada', 'a2'] }
const bob = { id: 'B', distinct_ids: ['bob'] }
const eve = { id: 'E', distinct_ids: ['eve'] }

/** Names to persons, as they now are. */
const world = (known: Record<string, string>) => async (_: string, name: string) =>
  (known[name] ? [{ id: known[name] }] : []) as Person[]

test('a merge is done when everybody has become the one', async () => {
  const done = (known: Record<string, string>) => isMerged('1', ada, [bob, eve], world(known))
  expect(await done({ bob: 'B', eve: 'E' })).toBe(false)
  expect(await done({ bob: 'A', eve: 'E' })).toBe(false)
  expect(await done({ bob: 'A', eve: 'A' })).toBe(true)
})

test('a deletion is done when nobody, or somebody new, has the name', async () => {
  expect(await isGone('1', ada, world({ ada: 'A' }))).toBe(false)
  expect(await isGone('1', ada, world({}))).toBe(true)
  expect(await isGone('1', ada, world({ ada: 'N' }))).toBe(true)
})

test('a split is done when another name is another person', async () => {
  expect(await isSplit('1', ada, 'ada', world({ ada: 'A', a2: 'A' }))).toBe(false)
  expect(await isSplit('1', ada, 'ada', world({ ada: 'A' }))).toBe(false)
  expect(await isSplit('1', ada, 'ada', world({ ada: 'A', a2: 'N' }))).toBe(true)
  expect(await isSplit('1', ada, 'a2', world({ ada: 'N', a2: 'A' }))).toBe(true)
})
