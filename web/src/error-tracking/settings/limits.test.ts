import { expect, test } from 'vitest'
import { keptOf, limitsOf, numberOf } from './limits'

test('limits come back from the form as they went', () => {
  const kept = {
    project_rate_limit_value: 1000,
    project_rate_limit_bucket_size_minutes: 30,
    per_issue_rate_limit_value: null,
    per_issue_rate_limit_bucket_size_minutes: null,
  }
  expect(keptOf(limitsOf(kept))).toEqual(kept)
})

test('an empty limit is none, and one without a time is by the hour', () => {
  expect(keptOf({ project: { value: '', minutes: 5 }, issue: { value: 7, minutes: '' } })).toEqual({
    project_rate_limit_value: null,
    project_rate_limit_bucket_size_minutes: null,
    per_issue_rate_limit_value: 7,
    per_issue_rate_limit_bucket_size_minutes: 60,
  })
})

test('what is no number is nothing', () => {
  expect(['12', 12, '', 'x', '-'].map(numberOf)).toEqual([12, 12, '', '', ''])
})
