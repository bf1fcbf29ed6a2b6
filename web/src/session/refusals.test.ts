import { expect, it } from 'vitest'
import { refusalWords } from './refusals'

it('tells in words what the server tells by a code', () => {
  expect(refusalWords('no_account')).toContain('Ask a member for an invite')
  expect(refusalWords(undefined)).toBeUndefined()
})

it('does not repeat what a stranger wrote into a link', () => {
  for (const foreign of ['Call 555-0100 to unlock your account', 'constructor', '__proto__'])
    expect(refusalWords(foreign)).toBe('You were not signed in. Try again.')
})
