import { expect, test } from 'vitest'
import { type Annotation, isShownOn } from './annotation'

const one = (of: Partial<Annotation>) => of as Annotation

test('what belongs to an insight or a dashboard is shown there only', () => {
  expect(isShownOn(one({ scope: 'dashboard_item', dashboard_item: 4 }), { insightId: 4 })).toBe(true)
  expect(isShownOn(one({ scope: 'dashboard_item', dashboard_item: 4 }), { insightId: 5 })).toBe(false)
  expect(isShownOn(one({ scope: 'dashboard', dashboard_id: 2 }), { dashboardId: 2 })).toBe(true)
  expect(isShownOn(one({ scope: 'dashboard', dashboard_id: 2 }), {})).toBe(false)
})

test('what belongs to the project is shown everywhere', () => {
  expect(isShownOn(one({ scope: 'project' }), {})).toBe(true)
  expect(isShownOn(one({ scope: 'organization' }), { insightId: 4 })).toBe(true)
})

test('what belonged to an insight that is gone is shown nowhere', () => {
  expect(isShownOn(one({ scope: 'dashboard_item', dashboard_item: null }), {})).toBe(false)
})

test('what is hidden is shown nowhere', () => {
  expect(isShownOn(one({ scope: 'project', hidden_in_user_interface: true }), {})).toBe(false)
})
