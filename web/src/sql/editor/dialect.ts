/** HogQL's words, for its colours. Completion comes from the server, which knows the tables. */
import { SQLDialect } from '@codemirror/lang-sql'

// Not in here: words that are columns too, such as `timestamp`.
const KEYWORDS = `
  all and anti any array as asc asof between by case cast cross cube current day desc descending distinct else end
  except exists extract false filter final following from full global group having hour if ignore ilike in
  inner intersect interval is join last leading left like limit minute month nan not null nulls offset on or order
  outer over partition preceding prewhere quarter range recursive respect right rollup row rows sample second
  select semi settings then ties to totals trailing trim true truncate unbounded union using
  week when where window with within year
`
  .trim()
  .split(/\s+/)
const TYPES = 'int integer float double decimal string text boolean bool date datetime uuid json'

export function dialect(functions: readonly string[]): SQLDialect {
  const words = new Set(KEYWORDS)
  const names = functions
    .map(name => name.toLowerCase())
    .filter(name => /^\w+$/.test(name) && !words.has(name))
  return SQLDialect.define({
    keywords: KEYWORDS.join(' '),
    types: TYPES,
    // Words of the language win over functions of the same name.
    builtin: names.join(' '),
    backslashEscapes: true,
    slashComments: true,
    identifierQuotes: '`"',
    operatorChars: '*+-%<>!=&|~^/?:',
    caseInsensitiveIdentifiers: true,
  })
}
