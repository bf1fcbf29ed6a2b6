import { expect, test } from 'vitest'
import { inTurn } from './inTurn'

test('everything is done once, never more at once than allowed', async () => {
  let running = 0
  let most = 0
  const done: number[] = []
  await inTurn([1, 2, 3, 4, 5, 6, 7], 3, new AbortController().signal, async one => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    done.push(one)
  })
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(most).toBe(3)
})

test('nothing new begins once it is called off', async () => {
  const control = new AbortController()
  const done: number[] = []
  await inTurn([1, 2, 3], 1, control.signal, async one => {
    done.push(one)
    control.abort()
  })
  expect(done).toEqual([1])
})
