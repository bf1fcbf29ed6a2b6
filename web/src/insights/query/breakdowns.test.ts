import { expect, test } from 'vitest'
import { added, breakdownsOf, withBreakdowns } from './breakdowns'

test('one breakdown, several and cohorts are read as one list', () => {
  expect(breakdownsOf({ breakdown: 'plan', breakdown_type: 'group', breakdown_group_type_index: 1 })).toEqual(
    [{ property: 'plan', type: 'group', group_type_index: 1 }],
  )
  expect(breakdownsOf({ breakdown: [3, 'all'], breakdown_type: 'cohort' }).map(one => one.property)).toEqual([
    3,
    'all',
  ])
  expect(breakdownsOf({ breakdown_limit: 5 })).toEqual([])
})

test('a list is written as the API takes it, and limits stay', () => {
  const [browser, os] = [
    { property: '$browser', type: 'event' },
    { property: '$os', type: 'event' },
  ]
  const filter = withBreakdowns({ breakdown_limit: 5 }, [browser])
  expect(filter).toEqual({ breakdown_limit: 5, breakdown: '$browser', breakdown_type: 'event' })
  expect(withBreakdowns(filter, [browser, os])).toEqual({ breakdown_limit: 5, breakdowns: [browser, os] })
  expect(withBreakdowns(filter, [])).toBeUndefined()
  expect(withBreakdowns(undefined, [{ property: 3, type: 'cohort' }])).toEqual({
    breakdown: [3],
    breakdown_type: 'cohort',
  })
})

test('cohorts and properties do not stand together, and there are three properties at most', () => {
  const property = (name: string) => ({ property: name, type: 'event' })
  const cohort = { property: 3, type: 'cohort' }
  expect(added([property('a')], cohort)).toEqual([cohort])
  expect(added([cohort], property('a'))).toEqual([property('a')])
  expect(added(['a', 'b', 'c'].map(property), property('d')).map(one => one.property)).toEqual([
    'b',
    'c',
    'd',
  ])
})
