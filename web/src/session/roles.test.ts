import { expect, test } from 'vitest'
import { reaches } from './roles'

test('a role reaches what is below it', () => {
  expect(['viewer', 'member', 'admin', 'owner'].map(role => reaches(role, 'admin'))).toEqual([
    false,
    false,
    true,
    true,
  ])
})

test('an unknown role reaches nothing', () => {
  expect([reaches(undefined, 'viewer'), reaches('toString', 'viewer')]).toEqual([false, false])
})
