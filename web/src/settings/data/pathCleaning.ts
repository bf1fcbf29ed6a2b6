/** Rules that make many paths one: `/user/17` and `/user/18` become `/user/<id>`. */
export interface Rule {
  regex: string
  alias: string
}

export function rulesOf(setting: unknown): Rule[] {
  if (!Array.isArray(setting)) return []
  return setting.flatMap(one => {
    const { regex, alias } = (one ?? {}) as Partial<Rule>
    return typeof regex === 'string' ? [{ regex, alias: typeof alias === 'string' ? alias : '' }] : []
  })
}

/** Why a rule is none; the server's expressions are almost those of the browser. */
export function ruleProblem(rule: Rule): string | null {
  if (!rule.regex) return 'An expression is needed.'
  try {
    new RegExp(rule.regex)
    return null
  } catch {
    return 'This is no regular expression.'
  }
}

/** What the rules make of a path, one after the other. */
export function cleaned(path: string, rules: readonly Rule[]): string {
  return rules
    .filter(rule => !ruleProblem(rule))
    .reduce((text, rule) => text.replace(new RegExp(rule.regex, 'g'), () => rule.alias), path)
}
