import { feature } from 'topojson-client'
import { expect, test } from 'vitest'
import atlas from 'world-atlas/countries-110m.json'
import type { TrendsItem } from '../answers'
import { countriesOf, isByCountry } from './countries'
import { COUNTRY_CODE, countryName } from './countryName'
import { mixed } from './mixed'
import { byCode, codeOf, cutAtDateLine } from './shapes'

const item = (breakdown_value: string | string[], aggregated_value: number, more: Partial<TrendsItem> = {}) =>
  ({
    data: [],
    days: [],
    labels: [],
    count: 0,
    label: '',
    action: { id: 'a', order: 0, name: 'a', custom_name: null, math: null },
    aggregated_value,
    breakdown_value,
    ...more,
  }) as TrendsItem

test('every shape but the disputed ones has the code that events have, none twice', () => {
  const codes = byCode(feature(atlas, atlas.objects.countries)).features.map(one => one.properties.name)
  const known = codes.filter(Boolean)
  expect(known.length).toBeGreaterThan(170)
  expect(new Set(known).size).toBe(known.length)
  expect(codes.length - known.length).toBe(2)
  for (const code of ['DE', 'US', 'GB', 'FR', 'NO', 'JP', 'BR', 'ZA', 'XK', 'TW'])
    expect(known).toContain(code)
  expect(known).not.toContain('AQ')
})

test('no shape reaches from one side of the map to the other', () => {
  const lines = JSON.stringify(byCode(feature(atlas, atlas.objects.countries)))
  const points = [...lines.matchAll(/\[(-?[\d.e-]+),(-?[\d.e-]+)\]/g)].map(one => Number(one[1]))
  expect(Math.max(...points.map(Math.abs))).toBeLessThanOrEqual(180)
  for (const shape of byCode(feature(atlas, atlas.objects.countries)).features) {
    for (const polygon of shape.geometry.coordinates as [number, number][][] | [number, number][][][]) {
      for (const ring of polygon as [number, number][][]) {
        if (typeof ring[0]?.[0] !== 'number') continue
        const jumps = ring.slice(1).map(([x], at) => Math.abs(x - (ring[at]?.[0] ?? x)))
        expect(Math.max(...jumps)).toBeLessThan(60)
      }
    }
  }
})

test('a shape across the date line is cut into one on either side', () => {
  const ring: [number, number][] = [
    [170, 0],
    [-170, 0],
    [-170, 10],
    [170, 10],
    [170, 0],
  ]
  expect(cutAtDateLine([ring])).toEqual([
    [
      [
        [170, 0],
        [180, 0],
        [180, 10],
        [170, 10],
        [170, 0],
      ],
    ],
    [
      [
        [-180, 0],
        [-170, 0],
        [-170, 10],
        [-180, 10],
        [-180, 0],
      ],
    ],
  ])
  const whole: [number, number][] = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 0],
  ]
  expect(cutAtDateLine([whole])).toEqual([[whole]])
})

test('a number that is no country has no code', () => {
  expect(codeOf({ id: '276', properties: { name: 'Germany' } })).toBe('DE')
  expect(codeOf({ id: '8', properties: { name: 'Albania' } })).toBe('AL')
  expect(codeOf({ id: '900', properties: { name: 'x' } })).toBe('')
  expect(codeOf({ properties: { name: 'Somaliland' } })).toBe('')
})

test('countries come with their names, the most first, of the current period', () => {
  const found = countriesOf([
    item('DE', 3),
    item(['US'], 9, { compare_label: 'current' }),
    item('US', 50, { compare_label: 'previous' }),
    item('$$_posthog_breakdown_null_$$', 5),
  ])
  expect(found.map(one => [one.code.slice(0, 2), one.name, one.value])).toEqual([
    ['US', 'United States', 9],
    ['$$', 'None', 5],
    ['DE', 'Germany', 3],
  ])
})

test('only a breakdown by the code of the country is drawn', () => {
  const by = (breakdown: string) => ({
    kind: 'TrendsQuery',
    breakdownFilter: { breakdown, breakdown_type: 'event' },
  })
  expect(isByCountry(by(COUNTRY_CODE))).toBe(true)
  expect(isByCountry(by('$browser'))).toBe(false)
  expect(isByCountry({ kind: 'TrendsQuery' })).toBe(false)
  expect(countryName('DE')).toBe('Germany')
  expect(countryName('constructor')).toBeUndefined()
})

test('colours between two are told by their share', () => {
  expect([0, 0.5, 1, 7].map(share => mixed('#000000', '#ff10fe', share))).toEqual([
    '#000000',
    '#80087f',
    '#ff10fe',
    '#ff10fe',
  ])
})
