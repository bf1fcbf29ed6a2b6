/** The values that a query's variables have, as it is asked with them. */
import type { Variable } from '@/api/variable'
import type { VariableValue } from '../visualization'

/** Of the variables that the query speaks of: what was chosen, else the default. */
export function valuesFor(
  names: readonly string[],
  variables: readonly Variable[],
  chosen: Readonly<Record<string, unknown>>,
): Record<string, VariableValue> {
  const found = variables.filter(one => names.includes(one.code_name))
  return Object.fromEntries(
    found.map(one => {
      const value = Object.hasOwn(chosen, one.id) ? chosen[one.id] : one.default_value
      const isNull = value === null || value === undefined || value === ''
      return [one.id, { variableId: one.id, code_name: one.code_name, ...(isNull ? { isNull } : { value }) }]
    }),
  )
}
