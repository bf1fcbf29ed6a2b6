import { queryOptions } from '@tanstack/react-query'
import { api, take } from './client'
import { keys } from './keys'
import type { Page } from './page'

export const VARIABLE_TYPES = ['String', 'Number', 'Boolean', 'List', 'Date'] as const
export type VariableType = (typeof VARIABLE_TYPES)[number]

/** A value that queries leave open: `{variables.code_name}`. */
export interface Variable {
  id: string
  name: string
  code_name: string
  type: VariableType
  default_value: unknown
  /** Of a list. */
  values: string[] | null
}

export const variablesQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.list(projectId, 'insight_variables'),
    queryFn: async ({ signal }) => {
      const found = await take<Page<Variable>>(
        api.GET('/api/projects/{project_id}/insight_variables/', {
          params: { path: { project_id: projectId }, query: { limit: 500 } as never },
          signal,
        }),
      )
      return found.results
    },
    staleTime: 60_000,
  })

export type VariableMade = Pick<Variable, 'name' | 'type' | 'default_value'> & { values?: string[] }

export function createVariable(projectId: string, body: VariableMade): Promise<Variable> {
  return take<Variable>(
    api.POST('/api/projects/{project_id}/insight_variables/', {
      params: { path: { project_id: projectId } },
      body: body as never,
    }),
  )
}

export async function deleteVariable(projectId: string, id: string): Promise<void> {
  await take(
    api.DELETE('/api/projects/{project_id}/insight_variables/{id}/', {
      params: { path: { project_id: projectId, id } },
    }),
  )
}
