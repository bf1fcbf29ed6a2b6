import { expect, test } from 'vitest'
import type { DeletedProject } from '@/api/organization'
import { removalShare, removalWords } from './removal'

const begun: DeletedProject = {
  id: 7,
  name: 'Gone',
  deleted_by: 'ada@example.org',
  deleted_at: '2026-01-01T00:00:00Z',
  state: 'removing',
  rows_total: 1_000,
  rows_left: 250,
  failure: null,
  done_at: null,
}

test('what is left of a deleted project is told', () => {
  expect(removalWords(begun)).toBe('250 rows left')
  expect(removalShare(begun)).toBe(75)
  expect(removalWords({ ...begun, rows_left: 1 })).toBe('1 row left')
})

test('one that waits has no share yet, and one that is done all', () => {
  const waiting = { ...begun, state: 'waiting', rows_total: null, rows_left: null } as const
  expect(removalWords(waiting)).toBe('Waiting to begin')
  expect(removalShare(waiting)).toBe(0)
  expect(removalWords({ ...begun, state: 'done', rows_left: 0 })).toBe('All data removed')
  expect(removalShare({ ...begun, state: 'done', rows_total: 0, rows_left: 0 })).toBe(100)
})
