/**
 * The part of Markdown that texts on dashboards need, read into a tree: never HTML, so nothing in it can run.
 *
 * Headings, lists, quotes, code, rules, bold, italic, struck, links. All else stays the text it is.
 */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'bold' | 'italic' | 'struck'; inside: Inline[] }
  | { kind: 'link'; href: string; inside: Inline[] }
  | { kind: 'break' }

export type Block =
  | { kind: 'heading'; level: number; inside: Inline[] }
  | { kind: 'paragraph'; inside: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; inside: Block[] }
  | { kind: 'list'; isOrdered: boolean; start: number; items: Block[][] }
  | { kind: 'rule' }

const HEADING = /^(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/
const FENCE = /^ {0,3}(```+|~~~+)/
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])[ \t]+(.*)$/
const QUOTE = /^ {0,3}> ?(.*)$/
const DEPTH_MAX = 8

export function parseMarkdown(text: string, depth = 0): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let at = 0
  let paragraph: string[] = []
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', inside: parseInline(paragraph.join('\n')) })
    paragraph = []
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const heading = HEADING.exec(line)
    const fence = FENCE.exec(line)
    const isDeep = depth >= DEPTH_MAX
    if (line.trim() === '') {
      flush()
      at += 1
    } else if (fence) {
      flush()
      const [code, next] = fenced(lines, at, fence[1] ?? '```')
      blocks.push({ kind: 'code', text: code })
      at = next
    } else if (heading) {
      flush()
      blocks.push({
        kind: 'heading',
        level: (heading[1] ?? '#').length,
        inside: parseInline(heading[2] ?? ''),
      })
      at += 1
    } else if (RULE.test(line)) {
      flush()
      blocks.push({ kind: 'rule' })
      at += 1
    } else if (!isDeep && QUOTE.test(line)) {
      flush()
      const quoted: string[] = []
      for (; at < lines.length && QUOTE.test(lines[at] ?? ''); at++) {
        quoted.push(QUOTE.exec(lines[at] ?? '')?.[1] ?? '')
      }
      blocks.push({ kind: 'quote', inside: parseMarkdown(quoted.join('\n'), depth + 1) })
    } else if (!isDeep && ITEM.test(line)) {
      flush()
      const [list, next] = listAt(lines, at, depth)
      blocks.push(list)
      at = next
    } else {
      paragraph.push(line.trimStart())
      at += 1
    }
  }
  flush()
  return blocks
}

function fenced(lines: string[], from: number, fence: string): [string, number] {
  const found: string[] = []
  let at = from + 1
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? '`', '') === '')
      return [found.join('\n'), at + 1]
    found.push(line)
  }
  return [found.join('\n'), at]
}

/** An item goes on over lines that are indented, and over text that follows without an empty line. */
function listAt(lines: string[], from: number, depth: number): [Block, number] {
  const first = ITEM.exec(lines[from] ?? '')
  const isOrdered = /\d/.test(first?.[2] ?? '')
  const items: string[][] = []
  let at = from
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const item = ITEM.exec(line)
    if (item && /\d/.test(item[2] ?? '') === isOrdered && !RULE.test(line)) {
      items.push([item[3] ?? ''])
    } else if (/^(?: {2,}|\t)/.test(line)) {
      items.at(-1)?.push(line.replace(/^(?:\t| {2,4})/, ''))
    } else if (line.trim() === '') {
      const next = lines[at + 1] ?? ''
      if (!ITEM.test(next) && !/^(?: {2,}|\t)\S/.test(next)) break
      items.at(-1)?.push('')
    } else if (item || HEADING.test(line) || RULE.test(line) || FENCE.test(line) || QUOTE.test(line)) {
      break
    } else {
      items.at(-1)?.push(line)
    }
  }
  const start = isOrdered ? Number.parseInt(first?.[2] ?? '1', 10) : 1
  const parsed = items.map(item => parseMarkdown(item.join('\n').trimEnd(), depth + 1))
  return [{ kind: 'list', isOrdered, start, items: parsed }, at]
}

const INLINE = new RegExp(
  [
    '(?<escaped>\\\\[\\\\`*_{}\\[\\]()#+\\-.!~>|])',
    '(?<ticks>`+)(?<code>[^`]|[^`].*?[^`])\\k<ticks>(?!`)',
    '\\[(?<label>(?:[^\\[\\]\\n]|\\\\.)+)\\]\\((?<target>[^\\s()<>]+(?:\\([^\\s()]*\\)[^\\s()<>]*)*)(?:\\s+"[^"\\n]*")?\\)',
    '\\*\\*(?<bold>\\S(?:.*?\\S)?)\\*\\*',
    '(?<![\\p{L}\\p{N}])__(?<bolder>\\S(?:.*?\\S)?)__(?![\\p{L}\\p{N}])',
    '~~(?<struck>\\S(?:.*?\\S)?)~~',
    '\\*(?<italic>[^\\s*](?:[^*]*?[^\\s*])?)\\*',
    '(?<![\\p{L}\\p{N}_])_(?<slanted>[^\\s_](?:[^_]*?[^\\s_])?)_(?![\\p{L}\\p{N}_])',
    '(?<bare>https?://[^\\s<>()]+[^\\s<>().,;:!?\'"*_~])',
    '(?<break> {2,}\\n|\\\\\\n)',
  ].join('|'),
  'su',
)

export function parseInline(text: string, depth = 0): Inline[] {
  const found: Inline[] = []
  let rest = text
  let plain = ''
  const flush = () => {
    if (plain) found.push({ kind: 'text', text: plain })
    plain = ''
  }
  while (rest) {
    const match = depth < DEPTH_MAX ? INLINE.exec(rest) : null
    if (!match) break
    plain += rest.slice(0, match.index)
    rest = rest.slice(match.index + match[0].length)
    const one = inlineOf(match, depth)
    if (typeof one === 'string') {
      plain += one
    } else {
      flush()
      found.push(one)
    }
  }
  plain += rest
  flush()
  return found
}

function inlineOf(match: RegExpExecArray, depth: number): Inline | string {
  const groups = match.groups ?? {}
  const inner = (text: string) => parseInline(text, depth + 1)
  if (groups.escaped) return groups.escaped.slice(1)
  if (groups.code) return { kind: 'code', text: groups.code }
  if (groups.break) return { kind: 'break' }
  if (groups.label && groups.target) {
    const href = safeHref(groups.target)
    return href ? { kind: 'link', href, inside: inner(groups.label) } : match[0]
  }
  if (groups.bare) return { kind: 'link', href: groups.bare, inside: [{ kind: 'text', text: groups.bare }] }
  const bold = groups.bold ?? groups.bolder
  if (bold) return { kind: 'bold', inside: inner(bold) }
  if (groups.struck) return { kind: 'struck', inside: inner(groups.struck) }
  return { kind: 'italic', inside: inner(groups.italic ?? groups.slanted ?? '') }
}

/** Addresses that only lead somewhere: no `javascript:`, no `data:`. */
export function safeHref(target: string): string | null {
  if (/^(?:https?:\/\/|mailto:)/i.test(target)) return target
  // Within this site: a path, not another host by `//` or `/\`.
  if (/^\/(?![/\\])/.test(target) && !target.includes('\\')) return target
  return target.startsWith('#') ? target : null
}
