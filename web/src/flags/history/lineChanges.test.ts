import { expect, test } from 'vitest'
import { lineChanges } from './lineChanges'

function told(before: string, after: string): string {
  return lineChanges(before, after)
    .map(one => `${{ same: ' ', gone: '-', added: '+' }[one.kind]}${one.text}`)
    .join('|')
}

test('only lines that differ are marked', () => {
  expect(told('a\nb\nc', 'a\nx\nc')).toBe(' a|-b|+x| c')
})

test('from nothing everything is new, and to nothing everything is gone', () => {
  expect(told('', 'a\nb')).toBe('+a|+b')
  expect(told('a\nb', '')).toBe('-a|-b')
})

test('what stays and goes is the text before, what stays and comes is the text after', () => {
  const texts = ['a\nb\nc\nd', 'b\nd\ne', 'd', 'x\na\nb\nb\nc']
  for (const before of texts) {
    for (const after of texts) {
      const lines = lineChanges(before, after)
      expect(
        lines
          .filter(one => one.kind !== 'added')
          .map(one => one.text)
          .join('\n'),
      ).toBe(before)
      expect(
        lines
          .filter(one => one.kind !== 'gone')
          .map(one => one.text)
          .join('\n'),
      ).toBe(after)
    }
  }
})
