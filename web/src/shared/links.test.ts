import { expect, test } from 'vitest'
import { embedCode, sharedUrl } from './links'

test('a link names the token', () => {
  expect(sharedUrl('https://a.example', 'abc-_1')).toBe('https://a.example/shared/abc-_1')
})

test('a hostile name stays within its attribute', () => {
  const code = embedCode('https://a.example', 't', '"><script>alert(1)</script>')
  expect(code).not.toContain('<script>')
  expect(code.match(/"/g)).toHaveLength(12)
})
