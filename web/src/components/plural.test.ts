import { expect, test } from 'vitest'
import { pluralOf } from './plural'

test.each([
  ['company', 'companies'],
  ['Company', 'Companies'],
  ['survey', 'surveys'],
  ['team', 'teams'],
  ['business', 'businesses'],
  ['campus', 'campuses'],
  ['branch', 'branches'],
  ['box', 'boxes'],
  ['analysis', 'analyses'],
  ['person', 'people'],
  ['sales_person', 'sales_people'],
  ['Business unit', 'Business units'],
  ['project', 'projects'],
])('%s becomes %s', (one, many) => {
  expect(pluralOf(one)).toBe(many)
})

test('what is a plural already, or no English word, stays as it is', () => {
  expect(pluralOf('companies')).toBe('companies')
  expect(pluralOf('teams')).toBe('teams')
  expect(pluralOf('team2')).toBe('team2')
  expect(pluralOf('公司')).toBe('公司')
  expect(pluralOf('')).toBe('')
})
