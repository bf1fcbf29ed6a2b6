/** The editor's questions to the server: what could come next, and what is wrong. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Diagnostic } from '@codemirror/lint'
import type { EditorView } from '@codemirror/view'
import type { EditorMark, HogQLAutocomplete, HogQLMetadata } from '@/api/editor'
import { isAborted } from '@/api/errors'
import { ask } from '@/api/query'
import { charactersBefore, unitOf } from '../positions'
import type { VariableValue } from '../visualization'

export interface Asking {
  projectId: string
  variables: Record<string, VariableValue>
}

const TYPES: Readonly<Record<string, string>> = {
  Function: 'function',
  Keyword: 'keyword',
  Variable: 'property',
  Folder: 'class',
}
// What is near comes first: columns and tables before words and the thousand functions.
const BOOSTS: Readonly<Record<string, number>> = { Variable: 3, Folder: 2, Keyword: 1 }
const WORD = /(?:[\w$]+|`[^`\n]*)$/
const AFTER_FROM = /\b(?:from|join)\s+$/i

export function completions(asking: () => Asking) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(WORD)
    const before = context.state.sliceDoc(Math.max(0, context.pos - 40), word?.from ?? context.pos)
    if (!context.explicit && !word && !before.endsWith('.') && !AFTER_FROM.test(before)) return null
    const stop = new AbortController()
    context.addEventListener('abort', () => stop.abort())
    const text = context.state.doc.toString()
    const at = charactersBefore(text, context.pos)
    try {
      const found = await ask<HogQLAutocomplete>(
        asking().projectId,
        { kind: 'HogQLAutocomplete', language: 'hogQL', query: text, startPosition: at, endPosition: at },
        { signal: stop.signal },
      )
      return {
        from: word?.from ?? context.pos,
        options: found.suggestions.map(completion),
        validFor: found.incomplete_list ? undefined : /^[\w$]*$/,
      }
    } catch {
      // Writing goes on without suggestions.
      return null
    }
  }
}

function completion(one: HogQLAutocomplete['suggestions'][number]): Completion {
  return {
    label: one.label,
    apply: one.insertText,
    type: TYPES[one.kind],
    detail: one.detail && one.kind !== 'Function' ? one.detail.toLowerCase() : undefined,
    info: one.documentation ?? undefined,
    boost: BOOSTS[one.kind],
  }
}

export function diagnostics(asking: () => Asking) {
  return async (view: EditorView): Promise<Diagnostic[]> => {
    const text = view.state.doc.toString()
    if (!text.trim()) return []
    const { projectId, variables } = asking()
    try {
      const found = await ask<HogQLMetadata>(projectId, {
        kind: 'HogQLMetadata',
        language: 'hogQL',
        query: text,
        variables,
      })
      return [
        ...found.errors.map(one => diagnostic(text, one, 'error')),
        ...found.warnings.map(one => diagnostic(text, one, 'warning')),
      ]
    } catch (error) {
      if (!isAborted(error)) return []
      throw error
    }
  }
}

/** A mark at the end of the text gets its last character, to be seen. */
function diagnostic(
  text: string,
  { message, start, end }: EditorMark,
  severity: 'error' | 'warning',
): Diagnostic {
  const to = Math.max(unitOf(text, end), 0)
  const from = Math.min(unitOf(text, start), to)
  return from < to ? { from, to, severity, message } : { from: Math.max(0, from - 1), to, severity, message }
}
