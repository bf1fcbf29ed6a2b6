import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentUnit } from '@codemirror/language'
import { linter, lintKeymap } from '@codemirror/lint'
import { Compartment, EditorState, Prec, StateEffect } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { functionNamesQuery } from '@/api/editor'
import type { Asking } from './ask'
import { completions, diagnostics } from './ask'
import { dialect } from './dialect'
import { look } from './look'

/** What the page may do to the text besides setting it. */
export interface EditorHandle {
  insert: (text: string) => void
  focus: () => void
}

interface Props extends Asking {
  value: string
  onChange: (value: string) => void
  onRun: () => void
  onReady: (handle: EditorHandle | null) => void
}

const LINT_AFTER_MS = 350
const LEAVE = 'Escape, then Tab leaves the editor'
const lookAgain = StateEffect.define<null>()

/** The text of a query. Its own chunk: CodeMirror comes with it. */
export default function SqlEditor({ value, onChange, onRun, onReady, projectId, variables }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const language = useRef(new Compartment())
  const latest = useRef({ value, onChange, onRun, onReady, asking: { projectId, variables } })
  latest.current = { value, onChange, onRun, onReady, asking: { projectId, variables } }
  const functions = useQuery(functionNamesQuery(projectId)).data

  useEffect(() => {
    if (!box.current) return
    const asking = () => latest.current.asking
    const run = (target: EditorView) => {
      closeCompletion(target)
      latest.current.onRun()
      return true
    }
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          indentUnit.of('  '),
          EditorView.lineWrapping,
          placeholder('SELECT event, count() FROM events GROUP BY event'),
          language.current.of(dialect([]).extension),
          autocompletion({ override: [completions(asking)], icons: false, activateOnTypingDelay: 120 }),
          linter(diagnostics(asking), {
            delay: LINT_AFTER_MS,
            needsRefresh: update =>
              update.transactions.some(one => one.effects.some(effect => effect.is(lookAgain))),
          }),
          tooltips({ position: 'fixed', parent: document.body }),
          look,
          keymap.of([
            { key: 'Tab', run: acceptCompletion },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...lintKeymap,
            ...historyKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
          EditorView.contentAttributes.of({ 'aria-label': 'Query', 'aria-description': LEAVE }),
          EditorView.updateListener.of(update => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    latest.current.onReady({
      insert: text => {
        made.dispatch(made.state.replaceSelection(text), { scrollIntoView: true })
        made.focus()
      },
      focus: () => made.focus(),
    })
    return () => {
      latest.current.onReady(null)
      made.destroy()
      view.current = null
    }
  }, [])

  useEffect(() => {
    if (functions)
      view.current?.dispatch({ effects: language.current.reconfigure(dialect(functions).extension) })
  }, [functions])

  useEffect(() => {
    const made = view.current
    if (!made || made.state.doc.toString() === value) return
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } })
  }, [value])

  // A variable that got its value makes a query right that was not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the values are what changes it
  useEffect(() => {
    view.current?.dispatch({ effects: lookAgain.of(null) })
  }, [variables])

  return <div ref={box} style={{ height: '100%' }} />
}
