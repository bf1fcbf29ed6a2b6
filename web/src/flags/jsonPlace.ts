/** Where a text stops being JSON. Browsers tell that it is none, but not all of them where. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: texts of JSON have none of them
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y
const WORD = /true|false|null/y
const SPACE = /[ \t\n\r]*/y

/** The place of the first character that cannot be; the end, if more should come. Null: it is JSON. */
export function jsonPlace(text: string): number | null {
  let at = skip(text, 0)
  /** What is open, innermost last: `{` and `[`. */
  const open: string[] = []
  for (;;) {
    const start = text[at]
    if (start === '{' || start === '[') {
      at = skip(text, at + 1)
      if (text[at] === closing(start)) at += 1
      else {
        open.push(start)
        if (start === '[') continue
        const name = named(text, at)
        if (name.wrong) return name.at
        at = name.at
        continue
      }
    } else {
      const end = scalar(text, at)
      if (end === null) return at
      at = end
    }
    at = skip(text, at)
    while (open.length > 0 && text[at] === closing(open.at(-1))) {
      open.pop()
      at = skip(text, at + 1)
    }
    if (open.length === 0) return at === text.length ? null : at
    if (text[at] !== ',') return at
    at = skip(text, at + 1)
    if (open.at(-1) === '{') {
      const name = named(text, at)
      if (name.wrong) return name.at
      at = name.at
    }
  }
}

function closing(start: string | undefined): string {
  return start === '{' ? '}' : ']'
}

function matched(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}

function skip(text: string, at: number): number {
  return matched(SPACE, text, at) ?? at
}

function scalar(text: string, at: number): number | null {
  return matched(TEXT, text, at) ?? matched(NUMBER, text, at) ?? matched(WORD, text, at)
}

/** A name with its colon, up to where the value begins. */
function named(text: string, at: number): { at: number; wrong: boolean } {
  const end = matched(TEXT, text, at)
  if (end === null) return { at, wrong: true }
  const colon = skip(text, end)
  if (text[colon] !== ':') return { at: colon, wrong: true }
  return { at: skip(text, colon + 1), wrong: false }
}
