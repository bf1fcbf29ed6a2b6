import type { Issue } from '@/api/issue'
import type { DateRangeValue } from '@/api/query'
import type { IssueState } from './questions'

/** What the tabs of an issue's page are given. */
export interface IssuePart {
  issue: Issue
  state: IssueState
  change: (changed: Partial<IssueState>, options?: { push?: boolean }) => void
  range: DateRangeValue
}
