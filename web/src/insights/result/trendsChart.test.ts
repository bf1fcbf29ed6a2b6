import { expect, test } from 'vitest'
import type { TrendsItem } from './answers'
import { breakdownName } from './names'
import { sorted, tableOf } from './table'
import { trendsDrawing } from './trendsChart'

const days = ['2026-01-01', '2026-01-02']
const item = (more: Partial<TrendsItem>): TrendsItem => ({
  data: [1, 2],
  days,
  labels: days,
  count: 3,
  label: 'paid',
  action: { id: 'paid', order: 0, name: 'paid', custom_name: null, math: null },
  ...more,
})
const query = { kind: 'TrendsQuery', series: [{ kind: 'EventsNode', event: 'paid', name: 'paid' }] }

test('the period before is drawn under the days of the current one, in the colour of what it is compared with', () => {
  const before = item({ days: ['2025-12-30', '2025-12-31'], compare_label: 'previous', compare: true })
  const { chart, names, itemAt } = trendsDrawing(
    query,
    { results: [item({ compare_label: 'current', compare: true }), before], timezone: 'UTC' },
    false,
  )
  expect(chart.x).toEqual(days)
  expect(names).toEqual(['paid', 'paid (previous)'])
  expect(chart.series[0]?.color).toBe(chart.series[1]?.color)
  expect(itemAt('1', 0)?.days[0]).toBe('2025-12-30')
})

test('a total of each value is a bar, found again by its place', () => {
  const bars = { ...query, trendsFilter: { display: 'ActionsBarValue' } }
  const totals = ['pro', '$$_posthog_breakdown_other_$$'].map((value, index) =>
    item({ data: [], days: [], count: 0, aggregated_value: index + 7, breakdown_value: value, label: value }),
  )
  const { chart, itemAt } = trendsDrawing(bars, { results: totals }, false)
  expect([chart.kind, chart.x, chart.series[0]?.data]).toEqual(['horizontal', ['pro', 'Other'], [7, 8]])
  expect(itemAt('values', 1)?.aggregated_value).toBe(8)
})

test('two series of one event are told apart by how they count', () => {
  const series = [
    { kind: 'EventsNode', event: 'paid', name: 'paid' },
    { kind: 'EventsNode', event: 'paid', name: 'paid', math: 'sum', math_property: 'amount' },
  ]
  const second = item({ action: { id: 'paid', order: 1, name: 'paid', custom_name: null, math: 'sum' } })
  const { names } = trendsDrawing({ ...query, series }, { results: [item({}), second] }, false)
  expect(names).toEqual(['paid (count)', 'paid (sum of amount)'])
})

test('the table has the numbers of the answer, and is sorted by them', () => {
  const results = [item({ breakdown_value: 'a', count: 9 }), item({ breakdown_value: 'b', count: 10 })]
  const table = tableOf(query, { results })
  expect(table?.rows[0]?.cells.map(cell => cell.shown)).toEqual(['a', '9', '1', '2'])
  expect(table && sorted(table, '1', true).map(row => row.cells[0]?.shown)).toEqual(['b', 'a'])
})

test('values of breakdowns are shown in words', () => {
  expect(breakdownName('$$_posthog_breakdown_null_$$')).toBe('None')
  expect(breakdownName(['Chrome', ''])).toBe('Chrome · None')
  const [none, other] = ['null', 'other'].map(one => `$$_posthog_breakdown_${one}_$$`)
  expect(breakdownName(`${other}::${other}`)).toBe('Other')
  expect(breakdownName(`Chrome::${none}`)).toBe('Chrome · None')
  expect(breakdownName('a::b')).toBe('a::b')
})
