import { expect, test } from 'vitest'
import { type Block, type Inline, parseInline, parseMarkdown, safeHref } from './markdown'

const words = (inside: Inline[]): string =>
  inside.map(one => ('text' in one ? one.text : one.kind === 'break' ? '\n' : words(one.inside))).join('')
const links = (blocks: Block[]): string[] => JSON.stringify(blocks).match(/"href":"[^"]*"/g) ?? []

test('headings, paragraphs and rules', () => {
  const blocks = parseMarkdown('# Week 12\n\nGood *news*.\nMore.\n\n---\n## Next ##')
  expect(blocks.map(one => one.kind)).toEqual(['heading', 'paragraph', 'rule', 'heading'])
  expect(blocks[3]).toMatchObject({ level: 2, inside: [{ kind: 'text', text: 'Next' }] })
})

test('bold, italic, struck and code nest as they are written', () => {
  const inside = parseInline('**bold _both_** and `**code**` ~~gone~~ \\*plain\\*')
  expect(inside.map(one => one.kind)).toEqual(['bold', 'text', 'code', 'text', 'struck', 'text'])
  expect(words(inside)).toBe('bold both and **code** gone *plain*')
})

test('names with underscores stay names', () => {
  expect(parseInline('signed_up_today and 2 * 3 * 4')).toEqual([
    { kind: 'text', text: 'signed_up_today and 2 * 3 * 4' },
  ])
})

test('lists hold lists', () => {
  const [list] = parseMarkdown('3. three\n4. four\n   - inner\n   - other')
  expect(list).toMatchObject({ kind: 'list', isOrdered: true, start: 3 })
  expect(list?.kind === 'list' && list.items).toHaveLength(2)
  expect(list?.kind === 'list' && list.items[1]?.[1]).toMatchObject({ kind: 'list', isOrdered: false })
})

test('a fence keeps what is in it, even when it never ends', () => {
  expect(parseMarkdown('```sql\nSELECT 1\n\n# x\n```\nafter')[0]).toEqual({
    kind: 'code',
    text: 'SELECT 1\n\n# x',
  })
  expect(parseMarkdown('~~~\nopen')).toEqual([{ kind: 'code', text: 'open' }])
})

test('HTML stays text', () => {
  const blocks = parseMarkdown('<script>alert(1)</script>\n<img src=x onerror=alert(1)>')
  expect(blocks).toHaveLength(1)
  expect(JSON.stringify(blocks)).toContain('<script>')
  expect(blocks[0]?.kind).toBe('paragraph')
})

test('a link leads somewhere or stays text', () => {
  expect(links(parseMarkdown('[a](https://example.com/a_(b)) <https://example.com/c>.'))).toHaveLength(2)
  for (const target of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '//evil.example',
    '/\\evil.example',
    'java\nscript:x',
  ]) {
    expect(safeHref(target), target).toBeNull()
    expect(links(parseMarkdown(`[a](${target})`)), target).toEqual([])
  }
  expect(safeHref('/project/1/insights')).toBe('/project/1/insights')
})

test('hostile depth and length end soon', () => {
  const started = performance.now()
  for (const text of [
    '> '.repeat(2_000),
    '*'.repeat(4_000),
    '['.repeat(4_000),
    '- '.repeat(2_000),
    '**a'.repeat(1_300),
    '`a'.repeat(2_000),
    '_a '.repeat(1_300),
  ])
    parseMarkdown(text)
  expect(performance.now() - started).toBeLessThan(3_000)
})
