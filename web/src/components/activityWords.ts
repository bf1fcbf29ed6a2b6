/** What was changed, in words: `plan: free → team`. */
import type { Activity, ActivityChange } from '@/api/activity'

const DONE: Readonly<Record<string, string>> = {
  created: 'made it',
  updated: 'changed it',
  update_property: 'changed it',
  deleted: 'deleted it',
  restored: 'brought it back',
  split_person: 'split it into a person for each distinct id',
  people_merged_into: 'merged others into it',
  persons_added: 'added persons',
  person_removed: 'took a person out',
}

export function doneWords(activity: Activity): string {
  return DONE[activity.activity] ?? activity.activity.replace(/_/g, ' ')
}

export function fieldName(change: ActivityChange): string {
  return (change.field ?? '').replace(/^(group_)?properties\./, '') || change.action
}

const SHOWN_MAX = 120

/** Short; whole things are told to have changed, not shown. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
