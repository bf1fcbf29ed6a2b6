/** What each kind of rule is for, and what one of them does, in words. */
import type { Rule, RuleKind } from '@/api/issueRule'
import { severityWords } from '../words'

export interface Kind {
  label: string
  told: string
  /** Where there is none yet. */
  empty: string
}

export const KINDS: Readonly<Record<RuleKind, Kind>> = {
  suppression: {
    label: 'Suppression',
    told: 'Exceptions that match are dropped as they come in, and never stored. Rules about types and messages alone work in browsers already.',
    empty: 'Drop what nobody can mend: errors of browser extensions, say.',
  },
  grouping: {
    label: 'Grouping',
    told: 'Exceptions that match become one issue, whatever their stacks. A fingerprint that an SDK sends goes before.',
    empty: 'Gather what is the same although its stacks differ.',
  },
  assignment: {
    label: 'Assignment',
    told: 'Issues that are new, or come up again, are assigned to somebody, unless they are already.',
    empty: 'Let issues find who looks after that part of the code.',
  },
  severity: {
    label: 'Severity',
    told: 'New issues get a severity, unless the SDK gave one.',
    empty: 'Tell payments from pictures: new issues are as severe as you say.',
  },
  bypass: {
    label: 'Rate limit bypass',
    told: 'Exceptions that match are kept, however many the rate limits let through.',
    empty: 'Name what must never be lost to a rate limit.',
  },
}

const HUNDRED = 100

/** What it does, but for whom it assigns to. */
export function deedOf(kind: RuleKind, rule: Rule): string {
  switch (kind) {
    case 'suppression': {
      const share = rule.sampling_rate ?? 1
      return share >= 1
        ? 'are dropped'
        : `are dropped, ${Math.round(share * HUNDRED * HUNDRED) / HUNDRED}% of them`
    }
    case 'grouping':
      return 'are one issue'
    case 'assignment':
      return 'are assigned'
    case 'severity':
      return `are of severity ${severityWords(rule.severity ?? '').label.toLowerCase()}`
    case 'bypass':
      return 'are kept'
  }
}
