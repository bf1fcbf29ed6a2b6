/** What statuses and severities are called, and their colours. */

interface Words {
  label: string
  color: string
}

const STATUSES: Readonly<Record<string, Words>> = {
  active: { label: 'Active', color: 'red' },
  resolved: { label: 'Resolved', color: 'teal' },
  suppressed: { label: 'Suppressed', color: 'gray' },
  archived: { label: 'Archived', color: 'gray' },
  pending_release: { label: 'Pending release', color: 'orange' },
}

/** What one does to bring an issue to a status. */
export const MOVES: Readonly<Record<string, string>> = {
  active: 'Reopen',
  resolved: 'Resolve',
  suppressed: 'Suppress',
}

const SEVERITIES: Readonly<Record<string, Words>> = {
  low: { label: 'Low', color: 'gray' },
  medium: { label: 'Medium', color: 'indigo' },
  high: { label: 'High', color: 'orange' },
  critical: { label: 'Critical', color: 'red' },
}

export function statusWords(status: string): Words {
  return (Object.hasOwn(STATUSES, status) && STATUSES[status]) || { label: status, color: 'gray' }
}

export function severityWords(severity: string): Words {
  return (Object.hasOwn(SEVERITIES, severity) && SEVERITIES[severity]) || { label: severity, color: 'gray' }
}

/** An issue that nobody named is called by what it is. */
export function issueName(issue: { name: string | null; id: string }): string {
  return issue.name || `Issue ${issue.id.slice(-6)}`
}
