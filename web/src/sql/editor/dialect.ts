/** HogQL's words, for its colours. Completion comes from the server, which knows the tables. */
import { SQLDialect } from '@codemirror/lang-sql'

const KEYWORDS = `
  all and anti any array as asc asof between by case cast cross cube current day desc descending distinct else end
  except exists extract false filter final first following from full global group having hour if ignore ilike in inf
  inner intersect interval is join key last leading left like limit minute month nan not null nulls offset on or order
  outer over partition preceding prewhere quarter range recursive respect returning right rollup row rows sample second
  select semi settings substring then ties timestamp to top totals trailing trim true truncate unbounded union using
  week when where window with within year
`
const TYPES = 'int integer float double decimal string text boolean bool date datetime uuid json'

export function dialect(functions: readonly string[]): SQLDialect {
  return SQLDialect.define({
    keywords: KEYWORDS,
    types: TYPES,
    // Words of the language win over functions of the same name.
    builtin: functions
      .filter(name => /^\w+$/.test(name))
      .join(' ')
      .toLowerCase(),
    backslashEscapes: true,
    slashComments: true,
    identifierQuotes: '`"',
    operatorChars: '*+-%<>!=&|~^/?:',
    caseInsensitiveIdentifiers: true,
  })
}
