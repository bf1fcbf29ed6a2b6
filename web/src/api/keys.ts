/**
 * Keys of everything that is kept of the API's answers, so that a change can name what it makes stale.
 *
 * A list and its things share a beginning: `invalidateQueries({ queryKey: keys.all(projectId, 'cohorts') })` takes all.
 */
export const keys = {
  me: () => ['me'] as const,
  projects: () => ['projects'] as const,
  project: (projectId: string) => ['project', projectId] as const,
  /** Everything of one kind within a project. */
  all: (projectId: string, kind: string) => ['project', projectId, kind] as const,
  list: (projectId: string, kind: string, asked: unknown = {}) =>
    ['project', projectId, kind, 'list', asked] as const,
  one: (projectId: string, kind: string, id: string | number) =>
    ['project', projectId, kind, 'one', String(id)] as const,
  /** An answer to a question about the data. */
  answer: (projectId: string, query: unknown) => ['project', projectId, 'query', query] as const,
}
