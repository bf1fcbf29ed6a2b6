/** What the SQL editor asks while a query is being written. */
import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { type Answer, type AnyQuery, ask } from './query'

/** A place in a text, counted in characters. */
export interface EditorMark {
  message: string
  start: number
  end: number
}

export interface HogQLMetadata extends Answer {
  isValid: boolean
  errors: EditorMark[]
  warnings: EditorMark[]
  notices: EditorMark[]
  table_names: string[]
}

export interface Suggestion {
  label: string
  insertText: string
  kind: string
  detail: string | null
  documentation: string | null
}

export interface HogQLAutocomplete extends Answer {
  suggestions: Suggestion[]
  incomplete_list: boolean
}

export interface SchemaField {
  name: string
  /** As a query says it. */
  hogql_value: string
  type: string
  /** Of a table behind a field. */
  fields?: string[]
  table?: string
  chain?: string[]
}

export interface SchemaTable {
  id: string
  name: string
  type: string
  fields: Record<string, SchemaField>
}

interface DatabaseSchema extends Answer {
  tables: Record<string, SchemaTable>
}

const SCHEMA: AnyQuery = { kind: 'DatabaseSchemaQuery' }

export const databaseSchemaQuery = (projectId: string) =>
  queryOptions({
    queryKey: keys.answer(projectId, SCHEMA),
    queryFn: ({ signal }) => ask<DatabaseSchema>(projectId, SCHEMA, { signal }),
    select: found => Object.values(found.tables),
    staleTime: 600_000,
  })

/** Names of all functions that HogQL knows, for their colour. */
export const functionNamesQuery = (projectId: string) => {
  const query: AnyQuery = {
    kind: 'HogQLAutocomplete',
    language: 'hogQL',
    query: '',
    startPosition: 0,
    endPosition: 0,
  }
  return queryOptions({
    queryKey: keys.answer(projectId, query),
    queryFn: async ({ signal }) => {
      const found = await ask<HogQLAutocomplete>(projectId, query, { signal })
      return found.suggestions.filter(one => one.kind === 'Function').map(one => one.label)
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}
