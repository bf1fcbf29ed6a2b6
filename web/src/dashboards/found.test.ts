import { expect, test } from 'vitest'
import type { DashboardBasic } from '@/api/dashboard'
import { found } from './found'

const one = (name: string | null, more: Partial<DashboardBasic> = {}) =>
  ({ name, description: '', tags: [], pinned: false, ...more }) as unknown as DashboardBasic
const all = [
  one('Weekly growth'),
  one('Marketing', { description: 'Growth of visits', pinned: true }),
  one('Errors', { tags: ['team:web'] }),
  one(null),
]

test('pinned ones come first, then by name', () => {
  expect(found(all, {}).map(each => each.name)).toEqual(['Marketing', null, 'Errors', 'Weekly growth'])
})

test('every word must be somewhere in name, description or tags', () => {
  expect(found(all, { q: 'GROWTH' }).map(each => each.name)).toEqual(['Marketing', 'Weekly growth'])
  expect(found(all, { q: 'growth weekly' }).map(each => each.name)).toEqual(['Weekly growth'])
  expect(found(all, { q: 'web' }).map(each => each.name)).toEqual(['Errors'])
  expect(found(all, { tag: 'team:web' })).toHaveLength(1)
})
