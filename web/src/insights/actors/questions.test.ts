import { expect, test } from 'vitest'
import type { TrendsItem } from '../result/answers'
import { actorsOf } from './actor'
import {
  actorsQuery,
  cohortQuery,
  funnelActors,
  leftActors,
  retentionActors,
  trendsActors,
} from './questions'

const query = { kind: 'TrendsQuery', series: [] }
const item: TrendsItem = {
  data: [1, 2],
  days: ['2026-01-01', '2026-01-02'],
  labels: ['1', '2'],
  count: 3,
  label: 'paid',
  action: { id: 'paid', order: 1, name: 'paid', custom_name: null, math: null },
  breakdown_value: 'pro',
  compare_label: 'previous',
}

test('a point of trends is asked for by its day, series, value and period', () => {
  expect(trendsActors(query, item, 'paid', 1)).toMatchObject({
    title: 'paid, Fri, 2 Jan 2026',
    source: {
      kind: 'InsightActorsQuery',
      day: '2026-01-02',
      series: 1,
      breakdown: 'pro',
      compare: 'previous',
    },
  })
  const pie = { ...query, trendsFilter: { display: 'ActionsPie' } }
  expect(trendsActors(pie, item, 'paid', 0)?.source).not.toHaveProperty('day')
  expect(trendsActors(query, { ...item, action: null }, 'A/B', 0)).toBeNull()
})

test('stickiness is asked for exactly, or for that many and more', () => {
  const days = { ...item, days: [1, 2], labels: ['1 day', '2 days'] }
  const sticky = { kind: 'StickinessQuery' }
  expect(trendsActors(sticky, days, 'paid', 1)?.source).toMatchObject({ day: 2, operator: 'exact' })
  const more = { ...sticky, stickinessFilter: { computedAs: 'cumulative' } }
  expect(trendsActors(more, days, 'paid', 1)?.source).toMatchObject({ day: 2, operator: 'gte' })
})

test('who dropped off is asked for by the step that was not reached', () => {
  const step = {
    action_id: 'a',
    name: 'a',
    custom_name: null,
    order: 1,
    count: 1,
    average_conversion_time: null,
    median_conversion_time: null,
  }
  expect(funnelActors(query, step, true).source.funnelStep).toBe(-2)
  expect(funnelActors(query, step, false).source.funnelStep).toBe(2)
})

test('only those of the cell of retention are listed, who come first', () => {
  const row = { label: 'Day 0', date: '2026-01-01', values: [{ count: 2, label: 'Day 0' }] }
  const question = retentionActors({ kind: 'RetentionQuery' }, row, 0, 3)
  const asked = actorsQuery(question)
  expect(asked).toMatchObject({
    select: ['actor', 'appearances', 'day_3'],
    orderBy: ['day_3 DESC', 'actor_id ASC'],
  })
  const answer = {
    columns: ['actor', 'appearances', 'day_3'],
    results: [
      [{ id: 'a', distinct_ids: ['x'], properties: {} }, [0, 3], 1],
      [{ id: 'b', distinct_ids: [], properties: {} }, [0], 0],
    ],
  }
  expect(actorsOf(question, answer).map(one => [one.id, one.appearances])).toEqual([['a', 2]])
  expect(cohortQuery(question)).toBeNull()
})

test('those of a breakdown are asked for by their value, the remaining ones too', () => {
  const row = { label: 'Week 1', date: '2026-01-01', values: [{ count: 2, label: 'Week 0' }] }
  const asked = (value: string | null) =>
    retentionActors({ kind: 'RetentionQuery' }, { ...row, breakdown_value: value }, 1, 0)
  expect(asked('pro')).toMatchObject({ title: 'pro · Week 1', source: { interval: 1, breakdown: 'pro' } })
  const other = '$$_posthog_breakdown_other_$$'
  expect(asked(other)).toMatchObject({ title: 'Other · Week 1', source: { breakdown: other } })
  expect(asked(null).source).not.toHaveProperty('breakdown')
})

test('whose path ended at a step is asked for by its key', () => {
  const paths = { kind: 'PathsQuery', pathsFilter: { stepLimit: 4 } }
  expect(leftActors(paths, '2_/a_b')).toMatchObject({
    title: 'Path ended at 2. /a_b',
    source: { source: { kind: 'PathsQuery', pathsFilter: { stepLimit: 4, pathDropoffKey: '2_/a_b' } } },
  })
})
