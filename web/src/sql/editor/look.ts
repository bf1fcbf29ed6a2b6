/** The editor in our colours. They are CSS variables, so that it follows light and dark by itself. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--hoglet-accent-text)', fontWeight: '600' },
  { tag: [tags.standard(tags.name), tags.special(tags.name)], color: 'var(--hoglet-code-function)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--hoglet-code-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.typeName], color: 'var(--hoglet-code-number)' },
  { tag: tags.comment, color: 'var(--hoglet-quiet)', fontStyle: 'italic' },
])

const frame = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '13px',
    backgroundColor: 'transparent',
    color: 'var(--mantine-color-text)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--hoglet-quiet)',
    border: 'none',
    paddingLeft: '4px',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': {
    backgroundColor: 'color-mix(in srgb, var(--hoglet-hover) 60%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--hoglet-selection)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--hoglet-selection)',
    outline: 'none',
  },
  '.cm-placeholder': { color: 'var(--hoglet-quiet)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--hoglet-surface)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--hoglet-border-strong)',
    borderRadius: 'var(--mantine-radius-md)',
    boxShadow: 'var(--mantine-shadow-md)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '12px',
    maxHeight: '16em',
    minWidth: '260px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--hoglet-accent-soft)',
    color: 'var(--mantine-color-text)',
  },
  '.cm-completionMatchedText': {
    textDecoration: 'none',
    fontWeight: '700',
    color: 'var(--hoglet-accent-text)',
  },
  '.cm-completionDetail': {
    float: 'right',
    fontStyle: 'normal',
    color: 'var(--hoglet-quiet)',
    marginLeft: '16px',
  },
  '.cm-diagnostic': { padding: '6px 10px', borderLeftWidth: '3px', fontSize: '12px' },
  '.cm-panels': { backgroundColor: 'var(--hoglet-ground)', color: 'var(--mantine-color-text)' },
})

export const look = [frame, syntaxHighlighting(colours)]
