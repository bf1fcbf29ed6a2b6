import { expect, test } from 'vitest'
import type { FunnelStep, PathEdge, RetentionRow } from './answers'
import { numbersOf, percent, splitsOf, timeBins } from './funnel'
import { nodeLabel, nodesOf, shortNames } from './paths'
import { knownCells, meanRow, rate } from './retention'
import { rowsChart } from './rows'

const step = (order: number, count: number, value?: string[]): FunnelStep => ({
  action_id: 'a',
  name: 'a',
  custom_name: null,
  order,
  count,
  average_conversion_time: null,
  median_conversion_time: null,
  ...(value && { breakdown_value: value }),
})

test('a step is told in percent of the first and of the one before', () => {
  const steps = [step(0, 200), step(1, 50), step(2, 25)]
  expect(numbersOf(steps, 0)).toEqual({ count: 200, dropped: 0, ofAll: 100, ofPrevious: 100 })
  expect(numbersOf(steps, 2)).toEqual({ count: 25, dropped: 25, ofAll: 12.5, ofPrevious: 50 })
  expect(percent(200 / 3)).toBe('66.67%')
  expect(numbersOf([step(0, 0), step(1, 0)], 1).ofPrevious).toBe(0)
})

test('a funnel with a breakdown is one list of steps for each value', () => {
  const splits = splitsOf({ results: [[step(0, 2, ['pro'])], [step(0, 1, [''])]] })
  expect(splits.map(one => one.name)).toEqual(['pro', 'None'])
  expect(splitsOf({ results: [step(0, 2)] })).toHaveLength(1)
  expect(splitsOf({ results: [] })).toEqual([])
})

test('the last bin of times only ends the one before it', () => {
  const { bins, average } = timeBins({
    results: {
      bins: [
        [0, 3],
        [60, 2],
        [120, 0],
      ],
      average_conversion_time: 50,
    },
  })
  expect(bins).toEqual([
    { label: '0s–1m', count: 3 },
    { label: '1m–2m', count: 2 },
  ])
  expect(average).toBe(50)
})

const row = (place: number, ...counts: number[]): RetentionRow => ({
  label: `Day ${place}`,
  date: `2026-01-0${place + 1}T00:00:00`,
  values: counts.map((count, at) => ({ count, label: `Day ${at}` })),
})

test('cells that lie in the future are not counted as nobody', () => {
  const rows = [row(0, 10, 5, 2), row(1, 10, 1, 0), row(2, 4, 0, 0)]
  expect(rows.map((one, index) => knownCells(one, index, rows))).toEqual([3, 2, 1])
  expect(meanRow(rows).map(cell => cell.rate)).toEqual([100, 30, 20])
  expect(rate(row(0, 10, 5, 2), 2, 'previous')).toBe(40)
  expect(rate(row(0, 10, 5, 2), 2, 'total')).toBe(20)
})

test('nodes of paths have their step, and what flows through them', () => {
  const edge = (source: string, target: string, value: number): PathEdge => ({
    source,
    target,
    value,
    average_conversion_time: null,
  })
  const nodes = nodesOf([edge('1_/', '2_/a_b', 5), edge('1_/', '2_/c', 2), edge('2_/a_b', '3_/c', 1)])
  expect(nodes.map(one => [one.step, one.name, one.count])).toEqual([
    [1, '/', 7],
    [2, '/a_b', 5],
    [2, '/c', 2],
    [3, '/c', 1],
  ])
  expect([...shortNames(['https://x.example/a', 'https://x.example', 'paid']).values()]).toEqual([
    '/a',
    '/',
    'paid',
  ])
  expect(shortNames(['https://x.example/a', 'https://y.example']).get('https://y.example')).toBe('y.example')
})

test('a long name is cut, its count is not', () => {
  expect(nodeLabel('/pricing', '79')).toBe('/pricing  79')
  expect(nodeLabel('/blog/why-we-encrypt-names', '1,204')).toBe('/blog/why-we-enc…  1,204')
})

test('rows of SQL are drawn as their display asks, by the first column that is no number', () => {
  const answer = {
    columns: ['page', 'views'],
    results: [
      ['/', 5],
      ['/a', '3'],
    ],
  }
  expect(rowsChart({ kind: 'DataVisualizationNode' }, answer)).toBeNull()
  expect(rowsChart({ kind: 'DataVisualizationNode', display: 'ActionsBar' }, answer)).toMatchObject({
    kind: 'bar',
    x: ['/', '/a'],
    series: [{ name: 'views', data: [5, 3] }],
  })
})
