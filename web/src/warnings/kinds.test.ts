import { expect, test } from 'vitest'
import ingest from '../../../native/ingest/src/warnings.rs?raw'
import persons from '../../../native/persons/src/warnings.rs?raw'
import { KNOWN_KINDS, toldOf } from './kinds'

function named(source: string): string[] {
  return [...source.matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)].map(found => found[1] ?? '')
}

test('every kind that ingest gives a severity, or raises about persons, is explained', () => {
  const raised = [...named(ingest), ...named(persons)]
  const missing = raised.filter(
    kind => kind.length > 12 && !kind.endsWith('_') && !KNOWN_KINDS.includes(kind),
  )
  expect(raised.length).toBeGreaterThan(10)
  expect(missing).toEqual([])
})

test('a kind that nobody explained is shown by its name', () => {
  expect(toldOf('some_new_kind').title).toBe('Some new kind')
  expect(toldOf('constructor').title).toBe('Constructor')
})
