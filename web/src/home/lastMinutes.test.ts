import { expect, test } from 'vitest'
import { lastMinutes } from './lastMinutes'

test('the newest minutes are kept, oldest first', () => {
  expect(lastMinutes([1, 2, 3], ['a', 'b', 'c'], 2)).toEqual([
    { time: 'b', count: 2 },
    { time: 'c', count: 3 },
  ])
})

test('a short answer is filled at the front', () => {
  expect(lastMinutes([5], ['a'], 3).map(one => one.count)).toEqual([0, 0, 5])
})
