import { expect, test } from 'vitest'
import {
  expressionProblem,
  linkedFlagOf,
  maskingOf,
  percentOf,
  rateOf,
  rulesOf,
  urlsOf,
  withMasking,
} from './replay'

test('shares go to percent and back', () => {
  for (const [rate, percent] of [
    [null, 100],
    ['0.25', 25],
    ['0.00', 0],
  ] as const) {
    expect(percentOf(rate)).toBe(percent)
    expect(rateOf(percent)).toBe(rate)
  }
})

test('rules of addresses are kept as SDKs read them', () => {
  const rules = rulesOf(['/checkout', '^https://a'])
  expect(rules).toEqual([
    { url: '/checkout', matching: 'regex' },
    { url: '^https://a', matching: 'regex' },
  ])
  expect(urlsOf(rules)).toEqual(['/checkout', '^https://a'])
  expect(rulesOf([])).toBeNull()
  expect(urlsOf([null, 'x', { url: 3 }])).toEqual([])
})

test('what is no expression is named', () => {
  expect(expressionProblem(['/a', '(b'])).toContain('“(b”')
  expect(expressionProblem(['/a{1,2}'])).toBeUndefined()
})

test('inputs are masked unless somebody said otherwise', () => {
  expect(maskingOf(null)).toEqual({ inputs: true, text: '', block: '' })
  expect(maskingOf({ maskAllInputs: false, maskTextSelector: '*' })).toEqual({
    inputs: false,
    text: '*',
    block: '',
  })
})

test('masking leaves alone what it does not show', () => {
  const kept = { maskTextSelector: '.a', maskInputOptions: { password: true } }
  expect(withMasking(kept, { inputs: false, text: '', block: ' .b ' })).toEqual({
    maskInputOptions: { password: true },
    maskAllInputs: false,
    blockSelector: '.b',
  })
  expect(withMasking({ maskTextSelector: '.a' }, { inputs: true, text: '', block: '' })).toBeNull()
})

test('a linked flag has a key and perhaps a variant', () => {
  expect(linkedFlagOf({ id: 4, key: 'a', variant: 'test' })).toEqual({ id: 4, key: 'a', variant: 'test' })
  expect(linkedFlagOf({ id: 4, key: 'a' })).toEqual({ id: 4, key: 'a', variant: null })
  expect(linkedFlagOf(null)).toBeNull()
})
