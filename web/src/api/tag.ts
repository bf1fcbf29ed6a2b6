import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'

/** The words that the project's things are labelled with. */
export const tagsQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.list(projectId, 'tags'),
    queryFn: ({ signal }) =>
      take<string[]>(
        api.GET('/api/projects/{project_id}/tags/', {
          params: { path: { project_id: projectId } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })
