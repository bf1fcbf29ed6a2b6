/** From the answer of trends by country to what the map and its list show. */
import { breakdownsOf } from '../../query/breakdowns'
import type { InsightQuery } from '../../query/insightQuery'
import type { TrendsItem } from '../answers'
import { breakdownName } from '../names'
import { totalOf } from '../trendsChart'
import { COUNTRY_CODE, countryName } from './countryName'

export interface Country {
  /** Two letters; something else where the events do not know the country. */
  code: string
  name: string
  value: number
  item: TrendsItem
}

/** Whether its answer has countries to be drawn. */
export function isByCountry(query: InsightQuery): boolean {
  const found = breakdownsOf(query.breakdownFilter)
  return found.length === 1 && found[0]?.property === COUNTRY_CODE
}

/** Of the first series and the current period, the most first. */
export function countriesOf(items: TrendsItem[]): Country[] {
  return items
    .filter(one => one.compare_label !== 'previous' && (one.action?.order ?? 0) === 0)
    .map(item => {
      const value = Array.isArray(item.breakdown_value) ? item.breakdown_value[0] : item.breakdown_value
      const code = String(value ?? '')
      return { code, name: countryName(code) ?? breakdownName(code), value: totalOf(item), item }
    })
    .sort((a, b) => b.value - a.value)
}
