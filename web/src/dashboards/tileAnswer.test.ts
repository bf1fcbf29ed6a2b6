import { expect, test } from 'vitest'
import type { Tile, TileInsight } from '@/api/dashboard'
import { keptAnswer, overOf, tileAnswerQuery } from './tileAnswer'

const query = { kind: 'TrendsQuery' }
const insight = { query, result: [1], last_refresh: '2026-11-23T10:00:00Z', is_cached: true } as unknown
const tile = { insight: insight as TileInsight, filters_overrides: {} } as Tile
const saved = { date_from: '-30d', properties: [{ type: 'event' as const, key: 'plan' }] }

test('an address that says nothing leaves the filters that are kept', () => {
  expect(overOf(saved, {}, {})).toEqual({ filters: saved, variables: {}, isKept: true })
})

test('dates of the address take the place of those that are kept', () => {
  expect(overOf(saved, {}, { date_from: '-7d' })).toMatchObject({
    filters: { date_from: '-7d', date_to: null, properties: saved.properties },
    isKept: false,
  })
  expect(overOf(saved, {}, { own: true }).filters).toEqual({ properties: saved.properties })
  expect(overOf(saved, {}, { properties: [] }).filters).toEqual({ date_from: '-30d' })
})

test('a kept answer is shown at once, but not for other filters than those it was made with', () => {
  const now = tileAnswerQuery('1', tile, overOf({}, {}, {}))
  expect(now.initialData).toMatchObject({ results: [1], is_cached: true })
  expect(now.initialDataUpdatedAt).toBe(Date.parse('2026-11-23T10:00:00Z'))
  expect(tileAnswerQuery('1', tile, overOf({}, {}, { date_from: '-7d' })).initialData).toBeUndefined()
})

test('the tile has the last word', () => {
  const own = { ...tile, filters_overrides: { date_from: '-1d' } }
  const asked = tileAnswerQuery('1', own, overOf(saved, {}, { date_from: '-7d' }))
  expect(asked.queryKey[3]).toMatchObject({ filtersOverride: { date_from: '-1d' } })
})

test('an insight without an answer has none', () => {
  expect(keptAnswer({ ...(insight as TileInsight), result: null })).toBeUndefined()
  expect(keptAnswer({ ...(insight as TileInsight), result: 0 })).toMatchObject({ results: 0 })
})
