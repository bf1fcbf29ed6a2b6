import { expect, test } from 'vitest'
import { escaped, optionsOf } from './options'
import type { ChartData } from './series'

const chart: ChartData = {
  kind: 'line',
  x: ['2026-01-01', '2026-01-02', '2026-01-03'],
  interval: 'day',
  series: [
    { id: 'a', name: '<img src=x onerror=alert(1)>', data: [1, 2, 3] },
    { id: 'b', name: 'B', data: [4, 5, 6] },
  ],
}
const look = { dark: false, hidden: new Set<string>() }

interface Drawn {
  id: string
  type: string
  data: (number | null)[]
  lineStyle: { type: string }
}

function seriesOf(given: ChartData, hidden: string[] = []): Drawn[] {
  return optionsOf(given, { dark: false, hidden: new Set(hidden) }).series as Drawn[]
}

test('the line to an interval that still runs is dashed', () => {
  const [complete, current] = seriesOf({ ...chart, lastIsIncomplete: true })
  expect(complete?.data).toEqual([1, 2, null])
  expect(current?.data).toEqual([null, 2, 3])
  expect([complete?.lineStyle.type, current?.lineStyle.type]).toEqual(['solid', 'dashed'])
})

test('a series that the legend hides is not drawn', () => {
  expect(seriesOf(chart, ['a']).map(one => one.id)).toEqual(['b'])
})

test('a name out of an event stays text in the tooltip', () => {
  const { formatter } = optionsOf(chart, look).tooltip as { formatter: (found: object[]) => string }
  const shown = formatter([{ dataIndex: 1 }])
  expect(shown).not.toContain('<img')
  expect(shown).toContain('&lt;img')
  expect(escaped(`"'&`)).toBe('&quot;&#39;&amp;')
})

test('a horizontal bar has its categories at the side', () => {
  const options = optionsOf({ ...chart, kind: 'horizontal' }, look)
  expect([(options.yAxis as { type: string }).type, (options.xAxis as { type: string }).type]).toEqual([
    'category',
    'value',
  ])
})

test('what is noted at a point is told by its tooltip, as text', () => {
  const marks = [
    { x: '2026-01-02', text: '<b>Released</b>', by: 'Ada' },
    { x: '2026-01-03', text: 'Later' },
  ]
  const { formatter } = optionsOf({ ...chart, marks }, look).tooltip as {
    formatter: (found: object[]) => string
  }
  const shown = formatter([{ dataIndex: 1 }])
  expect(shown).toContain('&lt;b&gt;Released')
  expect(shown).toContain('Ada')
  expect(shown).not.toContain('Later')
})

test('marks have room above the points', () => {
  const top = (given: ChartData) => (optionsOf(given, look).grid as { top: number }).top
  expect(top({ ...chart, marks: [] })).toBeGreaterThan(top(chart))
})
