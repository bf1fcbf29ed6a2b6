import { expect, test } from 'vitest'
import { correlationQuery, correlationsOf, oddsWords } from './correlation'

test('a correlation is told whichever way it goes', () => {
  const one = { success_count: 5, failure_count: 1 }
  const { found, isSkewed } = correlationsOf({
    results: {
      events: [
        { ...one, event: { event: 'paid' }, odds_ratio: 4, correlation_type: 'success' },
        { ...one, event: { event: '$browser::Chrome' }, odds_ratio: 0.5, correlation_type: 'failure' },
        { ...one, event: { event: 'b' }, odds_ratio: 6000, correlation_type: 'success' },
      ],
      skewed: true,
    },
  })
  expect(found.map(oddsWords)).toEqual([
    '4× as likely to convert',
    '2× as likely to drop off',
    'over 100× as likely to convert',
  ])
  expect([found[1]?.name, isSkewed]).toEqual(['$browser = Chrome', true])
})

test('properties are asked for by all their names', () => {
  const funnel = { kind: 'FunnelsQuery', series: [] }
  expect(correlationQuery(funnel, 'properties')).toMatchObject({ funnelCorrelationNames: ['$all'] })
  expect(correlationQuery(funnel, 'events')).not.toHaveProperty('funnelCorrelationNames')
})
