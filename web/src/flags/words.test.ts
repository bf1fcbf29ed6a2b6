import { expect, test } from 'vitest'
import type { FlagCondition, FlagDefinition, FlagFilters } from '@/api/flag'
import { groupTypesOf, kindOf, rolloutWords } from './words'

function flag(filters: FlagFilters): FlagDefinition {
  return { filters, is_remote_configuration: false } as FlagDefinition
}
const everybody = (share: number | null): FlagCondition => ({ properties: [], rollout_percentage: share })
const pro: FlagCondition = {
  properties: [{ type: 'person', key: 'plan', operator: 'exact', value: ['pro'] }],
  rollout_percentage: 25,
}

test('the roll-out in a few words', () => {
  expect(rolloutWords(flag({ groups: [] }))).toBe('Nobody')
  expect(rolloutWords(flag({ groups: [everybody(30)] }))).toBe('30% of everybody')
  expect(rolloutWords(flag({ groups: [everybody(null)] }))).toBe('100% of everybody')
  expect(rolloutWords(flag({ groups: [pro] }))).toBe('25% where plan = pro')
  expect(rolloutWords(flag({ groups: [pro, everybody(100)] }))).toBe('100% of everybody')
  expect(rolloutWords(flag({ groups: [pro, everybody(5)] }))).toBe('2 conditions, up to 25%')
  expect(rolloutWords(flag({ groups: [everybody(50)], aggregation_group_type_index: 0 }))).toBe(
    '50% of groups',
  )
})

test('the kind', () => {
  expect(kindOf(flag({}))).toBe('Boolean')
  const variants = ['a', 'b'].map(key => ({ key, rollout_percentage: 50 }))
  expect(kindOf(flag({ multivariate: { variants } }))).toBe('2 variants')
  expect(kindOf({ ...flag({}), is_remote_configuration: true })).toBe('Remote config')
})

test('all types of groups that a flag looks at', () => {
  const groups = [everybody(1), { ...pro, aggregation_group_type_index: 2 }]
  expect([...groupTypesOf(flag({ groups, aggregation_group_type_index: 1 }))]).toEqual([1, 2])
})
