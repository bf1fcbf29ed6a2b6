import { expect, test } from 'vitest'
import type { Tile } from '@/api/dashboard'
import { belowAll, COLUMNS, changedPlaces, type Placed, placed, swapped, widened } from './layout'

const tile = (id: number, sm?: unknown, isText = false) => ({
  id,
  insight: isText ? null : ({} as Tile['insight']),
  layouts: sm === undefined ? {} : { sm },
})
const overlapping = (layout: Placed[]) =>
  layout.some((one, at) =>
    layout
      .slice(at + 1)
      .some(
        other =>
          one.x < other.x + other.w &&
          other.x < one.x + one.w &&
          one.y < other.y + other.h &&
          other.y < one.y + one.h,
      ),
  )
const places = (layout: Placed[]) =>
  Object.fromEntries(layout.map(one => [one.i, [one.x, one.y, one.w, one.h]]))
const two = [tile(1, { x: 0, y: 0, w: 6, h: 5 }), tile(2, { x: 6, y: 0, w: 6, h: 5 })]

test('tiles lie where they were put', () => {
  expect(places(placed(two))).toEqual({ 1: [0, 0, 6, 5], 2: [6, 0, 6, 5] })
})

test('tiles that never were placed fill the rows, two in each', () => {
  expect(places(placed([tile(1), tile(2), tile(3)]))).toEqual({
    1: [0, 0, 6, 5],
    2: [6, 0, 6, 5],
    3: [0, 5, 6, 5],
  })
})

test('whatever stands in a layout, nothing overlaps or leaves the grid', () => {
  const wild = [
    tile(1, { x: 0, y: 0, w: 99, h: 5 }),
    tile(2, { x: 11, y: 0, w: 6, h: 5 }),
    tile(3, { x: -1, y: 'a', w: 0, h: null }),
    tile(4, { x: 0, y: 0, w: 6, h: 5 }),
    tile(5, 'no layout'),
    tile(6, { x: 3, y: 900, w: 4, h: 4 }, true),
  ]
  const layout = placed(wild)
  expect(layout).toHaveLength(wild.length)
  expect(overlapping(layout)).toBe(false)
  expect(layout.every(one => one.x >= 0 && one.x + one.w <= COLUMNS && one.y >= 0)).toBe(true)
})

test('a hole above a tile closes', () => {
  expect(places(placed([tile(1, { x: 0, y: 7, w: 6, h: 5 })]))).toEqual({ 1: [0, 0, 6, 5] })
})

test('something new goes beside the last tile where there is room, else below all', () => {
  expect(belowAll([two[0] as (typeof two)[0]], 'insight').sm).toEqual({ x: 6, y: 0, w: 6, h: 5 })
  expect(belowAll(two, 'insight').sm).toEqual({ x: 0, y: 5, w: 6, h: 5 })
})

test('neighbours change places without overlapping', () => {
  expect(places(swapped(placed(two), '2', -1))).toEqual({ 2: [0, 0, 6, 5], 1: [6, 0, 6, 5] })
  const uneven = placed([
    tile(1, { x: 0, y: 0, w: 12, h: 4 }),
    tile(2, { x: 0, y: 4, w: 6, h: 5 }),
    tile(3, { x: 6, y: 4, w: 6, h: 5 }),
  ])
  const changed = swapped(uneven, '1', 1)
  expect(overlapping(changed)).toBe(false)
  expect(changed[0]?.i).not.toBe('1')
})

test('a tile made wide pushes its neighbour down', () => {
  expect(places(widened(placed(two), '1', 12))).toEqual({ 1: [0, 0, 12, 5], 2: [6, 5, 6, 5] })
})

test('only what moved is saved, and other widths of screen are kept', () => {
  const kept = {
    ...tile(1, { x: 0, y: 0, w: 6, h: 5 }),
    layouts: { sm: { x: 0, y: 0, w: 6, h: 5 }, xs: 'kept' },
  }
  const tiles = [kept, two[1] as (typeof two)[0]]
  expect(changedPlaces(tiles, placed(tiles))).toEqual([])
  expect(changedPlaces(tiles, widened(placed(tiles), '1', 12))).toEqual([
    { id: 1, layouts: { sm: { x: 0, y: 0, w: 12, h: 5 }, xs: 'kept' } },
    { id: 2, layouts: { sm: { x: 6, y: 5, w: 6, h: 5 } } },
  ])
})
