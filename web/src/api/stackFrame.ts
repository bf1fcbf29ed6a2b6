/** Frames as they were resolved, with the lines around them, which events do not carry. */
import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Release } from './symbolSet'

export interface SourceLine {
  number: number
  line: string
}

export interface Context {
  /** In the order of the file, or the nearest first: their numbers tell. */
  before: SourceLine[]
  line: SourceLine
  after: SourceLine[]
}

export interface StackFrame {
  id: string
  /** `<digest>/<part>`. */
  raw_id: string
  created_at: string
  contents: Record<string, unknown>
  resolved: boolean
  context: Context | null
  symbol_set_ref: string | null
  release: Release | null
}

const IDS_MAX = 5_000

/** By their raw ids, those that are known. */
export const stackFramesQuery = (projectId: string, rawIds: readonly string[]) =>
  queryOptions({
    queryKey: keys.list(projectId, 'stack_frames', rawIds),
    queryFn: async ({ signal }) => {
      const { results } = await take<{ results: StackFrame[] }>(
        api.POST('/api/projects/{project_id}/error_tracking/stack_frames/batch_get/', {
          params: { path: { project_id: projectId } },
          body: { raw_ids: rawIds.slice(0, IDS_MAX) } as never,
          signal,
        }),
      )
      return new Map(results.map(one => [one.raw_id, one]))
    },
    enabled: rawIds.length > 0,
    staleTime: 60_000,
  })
