import { expect, test } from 'vitest'
import {
  distributed,
  isSendable,
  jsonProblem,
  keyFrom,
  keyProblem,
  sharesProblem,
  variantProblem,
} from './checks'
import { emptyDraft, newVariants, type VariantDraft } from './draft'

function variants(...shares: number[]): VariantDraft[] {
  return shares.map((rollout, index) => ({
    id: String(index),
    key: `v${index}`,
    name: '',
    rollout,
    payload: '',
  }))
}

test('keys are letters, numbers, hyphens and underscores', () => {
  expect(keyProblem('New_check-out2')).toBeNull()
  expect(keyProblem('')).toMatch(/needs a key/)
  for (const key of ['a b', 'ä', 'a.b', 'a/b']) expect(keyProblem(key)).toMatch(/only/)
})

test('a name becomes a key', () => {
  expect(keyFrom('  New Café: check-out! ')).toBe('new-cafe-check-out')
  expect(keyFrom('!!!')).toBe('')
})

test('shares that are even are 100 together, for any number of variants', () => {
  for (let count = 1; count <= 12; count += 1) {
    const shared = distributed(variants(...new Array<number>(count).fill(0)))
    expect(sharesProblem(shared)).toBeNull()
    const shares = shared.map(one => one.rollout)
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
  }
})

test('what is not 100 together is told', () => {
  expect(sharesProblem(variants(33.3, 33.3, 33.4))).toBeNull()
  expect(sharesProblem(variants(50, 40))).toMatch(/90%/)
})

test('two variants do not share a key', () => {
  const twins = variants(50, 50).map(one => ({ ...one, key: 'same' }))
  expect(variantProblem(twins, 0)).toMatch(/another/)
  expect(variantProblem(variants(50, 50), 0)).toBeNull()
})

test('JSON is told to be wrong at its place', () => {
  expect(jsonProblem('')).toBeNull()
  expect(jsonProblem('{"a": [1, 2]}')).toBeNull()
  expect(jsonProblem('{"a": 1,\n "b": x}')).toMatchObject({ line: 2, column: 7 })
  expect(jsonProblem('{"a": ')).toMatchObject({ line: 1 })
})

test('a draft is sent once all of it may be right', () => {
  const draft = { ...emptyDraft(), key: 'a' }
  expect(isSendable(draft)).toBe(true)
  expect(isSendable(emptyDraft())).toBe(false)
  expect(isSendable({ ...draft, payload: '{' })).toBe(false)
  expect(isSendable({ ...draft, kind: 'multivariate', variants: newVariants() })).toBe(true)
  expect(isSendable({ ...draft, kind: 'multivariate', variants: [] })).toBe(false)
})
