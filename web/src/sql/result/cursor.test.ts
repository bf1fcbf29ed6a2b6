import { expect, test } from 'vitest'
import { moved } from './cursor'

const size = { rows: 3, columns: 2, page: 10 }

test('the first key leads to the first cell', () => {
  expect(moved(null, 'ArrowDown', size)).toEqual({ row: 0, column: 0 })
})

test('keys stay within the table', () => {
  expect(moved({ row: 2, column: 1 }, 'ArrowDown', size)).toEqual({ row: 2, column: 1 })
  expect(moved({ row: 0, column: 0 }, 'ArrowLeft', size)).toEqual({ row: 0, column: 0 })
  expect(moved({ row: 0, column: 1 }, 'PageDown', size)).toEqual({ row: 2, column: 1 })
})

test('other keys and an empty table move nothing', () => {
  expect(moved({ row: 0, column: 0 }, 'a', size)).toBeNull()
  expect(moved({ row: 0, column: 0 }, 'constructor', size)).toBeNull()
  expect(moved(null, 'ArrowDown', { ...size, rows: 0 })).toBeNull()
})
