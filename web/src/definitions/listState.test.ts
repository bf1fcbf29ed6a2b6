import { expect, test } from 'vitest'
import { eventsAsked, PAGE_ROWS, propertiesAsked } from './listState'

test('an address that says nothing lists visible events, the last seen first', () => {
  expect(eventsAsked({})).toMatchObject({ ordering: '-last_seen_at', exclude_hidden: true, offset: 0 })
})

test('pages follow each other, and there is none before the first', () => {
  expect(eventsAsked({ page: 3 }).offset).toBe(2 * PAGE_ROWS)
  expect(propertiesAsked({ page: 0 }).offset).toBe(0)
})

test('properties of groups are of one type of group', () => {
  expect(propertiesAsked({ of: 'group' })).toMatchObject({ type: 'group', group_type_index: 0 })
  expect(propertiesAsked({ of: 'person', group: 2 }).group_type_index).toBeUndefined()
})
