import { expect, test } from 'vitest'
import { agentWords } from './agent'

test('browsers that name each other are told apart', () => {
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
  expect(agentWords(chrome)).toBe('Chrome on Windows')
  expect(agentWords(`${chrome} Edg/140.0`)).toBe('Edge on Windows')
  expect(agentWords('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
    'Safari on iOS',
  )
})

test('what is no browser is shown as it is', () => {
  expect(agentWords('curl/8')).toBe('curl/8')
  expect(agentWords('')).toBe('Unknown')
})
