import { expect, test } from 'vitest'
import { snippetsOf } from './snippets'

const plain = { key: 'new-one', is_remote_configuration: false, filters: {} }

test('every snippet names the flag', () => {
  const variants = ['control', 'bold'].map(key => ({ key, rollout_percentage: 50 }))
  const flags = [
    plain,
    { ...plain, filters: { multivariate: { variants } } },
    { ...plain, is_remote_configuration: true },
  ]
  for (const flag of flags) {
    for (const one of snippetsOf(flag)) expect(one.code).toMatch(/['"]new-one['"]/)
  }
})

test('variants are asked for by their key', () => {
  const variants = ['control', 'bold'].map(key => ({ key, rollout_percentage: 50 }))
  const found = snippetsOf({ ...plain, filters: { multivariate: { variants } } })
  for (const one of found) expect(one.code).toContain('bold')
})

test('payloads are asked for only where there are some', () => {
  const without = snippetsOf(plain)
  const with_ = snippetsOf({ ...plain, filters: { payloads: { true: '1' } } })
  expect(without.some(one => /payload/i.test(one.code))).toBe(false)
  expect(with_.every(one => /payload/i.test(one.code))).toBe(true)
})
