/** What an insight is called that nobody has named. */
import { knownEvent } from '@/components/eventNames'
import { stepName } from '../result/names'
import { breakdownsOf } from './breakdowns'
import { type InsightQuery, kindLabel } from './insightQuery'

const MATH: Readonly<Record<string, string>> = {
  total: 'count',
  dau: 'unique users',
  weekly_active: 'weekly active users',
  monthly_active: 'monthly active users',
  unique_session: 'unique sessions',
  unique_group: 'unique groups',
}
const NAMED_MAX = 3

export function derivedName(query: InsightQuery): string {
  const names = (query.series ?? []).map(stepName)
  const split = breakdownsOf(query.breakdownFilter).map(one =>
    one.type === 'cohort' ? 'cohort' : (String(one.property).replace(/^\$/, '') ?? ''),
  )
  const by = split.length > 0 ? ` by ${split.join(', ')}` : ''
  switch (query.kind) {
    case 'TrendsQuery': {
      const told = (query.series ?? []).map(one => {
        const math = one.math ?? 'total'
        const of = one.math_property ? ` of ${one.math_property}` : ''
        return `${stepName(one)} ${(MATH[math] ?? math) + of}`
      })
      const formula = query.trendsFilter?.formulaNodes?.[0]
      if (formula) return `${formula.custom_name || formula.formula} of ${listed(names)}${by}`
      return listed(told) + by
    }
    case 'FunnelsQuery':
      return names.length > NAMED_MAX ? `${names[0]} → … → ${names.at(-1)}${by}` : names.join(' → ') + by
    case 'RetentionQuery': {
      const { targetEntity: first, returningEntity: back } = query.retentionFilter ?? {}
      return `Retention: ${entityName(first)}, then ${entityName(back)}`
    }
    case 'PathsQuery': {
      const { startPoint, endPoint } = query.pathsFilter ?? {}
      const ends = [startPoint && `from ${startPoint}`, endPoint && `to ${endPoint}`].filter(Boolean)
      return ['Paths', ...ends].join(' ')
    }
    default:
      return `${kindLabel(query.kind)} of ${listed(names)}`
  }
}

function entityName(
  entity: { id?: string | number | null; name?: string | null } | null | undefined,
): string {
  const name = String(entity?.name ?? entity?.id ?? '$pageview')
  return knownEvent(name) ?? name
}

function listed(names: string[]): string {
  const shown = names.slice(0, NAMED_MAX).join(', ')
  return names.length > NAMED_MAX ? `${shown} and ${names.length - NAMED_MAX} more` : shown
}
