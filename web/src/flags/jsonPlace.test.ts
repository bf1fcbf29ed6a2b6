import { expect, test } from 'vitest'
import { jsonPlace } from './jsonPlace'

const RIGHT = [
  '1',
  '-0.5e3',
  '"a\\u00e9\\n"',
  'true',
  '[]',
  '{}',
  ' [1, {"a": [null, {}]}, "x"] ',
  '{"a":{"b":[]},"c":1}',
]

test('what the browser reads has no wrong place', () => {
  for (const text of RIGHT) {
    expect(() => JSON.parse(text)).not.toThrow()
    expect(jsonPlace(text)).toBeNull()
  }
})

test('the browser and this agree on every text that is one character off', () => {
  for (const text of RIGHT) {
    for (let at = 0; at < text.length; at += 1) {
      for (const put of ['', 'x', ',', '}', ']', '"', '1', ' ']) {
        const changed = text.slice(0, at) + put + text.slice(at + 1)
        let isRight = true
        try {
          JSON.parse(changed)
        } catch {
          isRight = false
        }
        expect([changed, jsonPlace(changed) === null]).toEqual([changed, isRight])
      }
    }
  }
})

test('the place is where a reader would point', () => {
  expect(jsonPlace('{"a": 1,\n "b": x}')).toBe(15)
  expect(jsonPlace('[1, 2')).toBe(5)
  expect(jsonPlace('{a: 1}')).toBe(1)
  expect(jsonPlace('[1,]')).toBe(3)
  expect(jsonPlace('{} 1')).toBe(3)
})
