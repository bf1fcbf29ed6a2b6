import { expect, test } from 'vitest'
import { evaluationSeries } from './counts'

test('days without an answer are zeros, in the zone of the project', () => {
  const found = {
    interval: 'day' as const,
    date_from: '2026-11-20T16:00:00Z',
    date_to: '2026-11-22T16:30:00Z',
    total: 5,
    totals: { true: 4, false: 1 },
    results: [
      { at: '2026-11-20', outcome: 'true', count: 4 },
      { at: '2026-11-22', outcome: 'false', count: 1 },
    ],
  }
  expect(evaluationSeries(found, 'UTC')).toEqual({
    x: ['2026-11-20', '2026-11-21', '2026-11-22'],
    series: [
      { id: 'false', name: 'false', data: [0, 0, 1] },
      { id: 'true', name: 'true', data: [4, 0, 0] },
    ],
  })
  expect(evaluationSeries(found, 'Asia/Tokyo').x).toEqual(['2026-11-21', '2026-11-22', '2026-11-23'])
})

test('hours are whole, and all of them', () => {
  const found = {
    interval: 'hour' as const,
    date_from: '2026-11-20T16:00:00Z',
    date_to: '2026-11-20T18:30:00Z',
    total: 2,
    totals: { true: 2 },
    results: [{ at: '2026-11-20T17:00:00Z', outcome: 'true', count: 2 }],
  }
  expect(evaluationSeries(found, 'UTC').series[0]?.data).toEqual([0, 2, 0])
  expect(evaluationSeries(found, 'Asia/Kolkata').x[0]).toBe('2026-11-20 21:30')
})
