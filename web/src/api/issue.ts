/** What exceptions are grouped into, and what people decide about it. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Activity } from './activity'
import { api, take } from './client'
import { keys } from './keys'
import { byPages, PAGE_ROWS, type Page } from './page'
import type { Answer } from './query'

export const STATUSES = ['active', 'resolved', 'suppressed'] as const
export type IssueStatus = (typeof STATUSES)[number]
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface Assignee {
  type: 'user' | 'role'
  id: number | string
}

export interface Issue {
  id: string
  /** Older ones may have another status, which nobody can choose any more. */
  status: IssueStatus | (string & {})
  severity: Severity | null
  name: string | null
  description: string | null
  first_seen: string
  assignee: Assignee | null
}

export interface Bucket {
  label: string
  value: number
}

export interface Aggregations {
  occurrences: number
  sessions: number
  users: number
  volume_buckets: Bucket[]
}

/** An issue as questions about the data answer it. */
export interface IssueFound extends Omit<Issue, 'severity'> {
  severity?: Severity | null
  last_seen: string
  library: string | null
  function: string | null
  source: string | null
  aggregations: Aggregations | null
}

export interface IssuesAnswer extends Answer {
  results: IssueFound[]
  hasMore: boolean
}

export type IssueChange = Partial<Pick<Issue, 'name' | 'description'>> & {
  status?: IssueStatus
  severity?: Severity | null
}

export interface Part {
  fingerprint: string
  name?: string
  description?: string
}

const ISSUE = '/api/projects/{project_id}/error_tracking/issues/{id}/'
const at = (projectId: string, id: string) => ({ params: { path: { project_id: projectId, id } } })

export const issueQuery = (projectId: string, id: string) =>
  queryOptions({
    queryKey: keys.one(projectId, 'issues', id),
    queryFn: ({ signal }) => take<Issue>(api.GET(ISSUE, { ...at(projectId, id), signal })),
  })

export const issueActivityQuery = (projectId: string, id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(projectId, 'issues', id), 'activity'] as const,
    queryFn: ({ signal, pageParam }) =>
      take<Page<Activity>>(
        api.GET('/api/projects/{project_id}/error_tracking/issues/{id}/activity/', {
          params: {
            path: { project_id: projectId, id },
            query: { limit: PAGE_ROWS, offset: pageParam } as never,
          },
          signal,
        }),
      ),
    ...byPages(),
  })

export interface Fingerprint {
  fingerprint: string
  issue_id: string
  first_seen: string
}

/** What belongs to an issue, the oldest first. */
export const fingerprintPagesQuery = (projectId: string, issueId: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.one(projectId, 'issues', issueId), 'fingerprints'] as const,
    queryFn: ({ signal, pageParam }) =>
      take<Page<Fingerprint>>(
        api.GET('/api/projects/{project_id}/error_tracking/fingerprints/', {
          params: {
            path: { project_id: projectId },
            query: { issue_id: issueId, limit: PAGE_ROWS, offset: pageParam },
          },
          signal,
        }),
      ),
    ...byPages(),
  })

/** Whether any exception ever came in. */
export const issuesExistQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.list(projectId, 'issues', 'exists'),
    queryFn: async ({ signal }) => {
      const { exists } = await take<{ exists: boolean }>(
        api.GET('/api/projects/{project_id}/error_tracking/issues/exists/', {
          params: { path: { project_id: projectId } },
          signal,
        }),
      )
      return exists
    },
  })

export function changeIssue(projectId: string, id: string, change: IssueChange): Promise<Issue> {
  return take<Issue>(api.PATCH(ISSUE, { ...at(projectId, id), body: change as never }))
}

export async function assignIssue(projectId: string, id: string, assignee: Assignee | null): Promise<void> {
  await take<unknown>(
    api.PATCH('/api/projects/{project_id}/error_tracking/issues/{id}/assign/', {
      ...at(projectId, id),
      body: { assignee } as never,
    }),
  )
}

/** The others become a part of it, and are gone. */
export async function mergeIssues(projectId: string, target: string, ids: string[]): Promise<void> {
  await take<unknown>(
    api.POST('/api/projects/{project_id}/error_tracking/issues/{id}/merge/', {
      ...at(projectId, target),
      body: { ids } as never,
    }),
  )
}

/** Each of these fingerprints becomes an issue of its own; the answer is their ids. */
export async function splitIssue(projectId: string, id: string, fingerprints: Part[]): Promise<string[]> {
  const { new_issue_ids } = await take<{ new_issue_ids: string[] }>(
    api.POST('/api/projects/{project_id}/error_tracking/issues/{id}/split/', {
      ...at(projectId, id),
      body: { fingerprints } as never,
    }),
  )
  return new_issue_ids
}

export type Deed =
  | { action: 'set_status'; status: IssueStatus }
  | { action: 'assign'; assignee: Assignee | null }

export async function changeIssues(projectId: string, ids: string[], deed: Deed): Promise<void> {
  await take<unknown>(
    api.POST('/api/projects/{project_id}/error_tracking/issues/bulk/', {
      params: { path: { project_id: projectId } },
      body: { ids, ...deed } as never,
    }),
  )
}
