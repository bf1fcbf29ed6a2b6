import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { happens } from './poll'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('what has happened already is told at once', async () => {
  expect(await happens(async () => true)).toBe(true)
})

test('it is looked at until it has happened, failures or not', async () => {
  const answers = [false, new Error('not now'), false, true]
  const looks = vi.fn(async () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer ?? false
  })
  const found = happens(looks)
  await vi.runAllTimersAsync()
  expect(await found).toBe(true)
  expect(looks).toHaveBeenCalledTimes(4)
})

test('what does not happen is given up after a while', async () => {
  const looks = vi.fn(async () => false)
  const found = happens(looks, { patienceMs: 10_000 })
  await vi.runAllTimersAsync()
  expect(await found).toBe(false)
  expect(looks.mock.calls.length).toBeLessThan(20)
})
