/** A property's value as it is typed: which kind it is, as text, and back. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'json'

export const VALUE_KINDS: readonly { value: ValueKind; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'True or false' },
  { value: 'json', label: 'JSON' },
]

export function kindOfValue(value: unknown): ValueKind {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'json'
}

export function textOfValue(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 2)
}

/** What the text means as this kind; `undefined` where it means nothing. */
export function valueOfText(kind: ValueKind, text: string): unknown {
  if (kind === 'text') return text
  const trimmed = text.trim()
  if (kind === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : undefined
  if (kind === 'number') {
    const number = Number(trimmed)
    return trimmed !== '' && Number.isFinite(number) ? number : undefined
  }
  try {
    return JSON.parse(trimmed) as unknown
  } catch {
    return undefined
  }
}
