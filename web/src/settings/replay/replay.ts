/** How replay's settings are kept, and how they are shown. */

/** A rule for addresses, as SDKs read it. */
export interface UrlRule {
  url: string
  matching: 'regex'
}

export interface Masking {
  inputs: boolean
  text: string
  block: string
}

export interface LinkedFlag {
  id: number
  key: string
  variant: string | null
}

/** `"0.25"` is 25; nothing is all of them. */
export function percentOf(rate: unknown): number {
  return rate === null || rate === undefined ? 100 : Math.round(Number(rate) * 100)
}

export function rateOf(percent: number): string | null {
  return percent >= 100 ? null : (Math.max(percent, 0) / 100).toFixed(2)
}

export function urlsOf(kept: unknown): string[] {
  if (!Array.isArray(kept)) return []
  return kept.map(one => (one as Partial<UrlRule> | null)?.url).filter(one => typeof one === 'string')
}

/** None is kept as null, as if nobody had ever said anything. */
export function rulesOf(urls: readonly string[]): UrlRule[] | null {
  return urls.length > 0 ? urls.map(url => ({ url, matching: 'regex' })) : null
}

/** Browsers leave out what they cannot read as an expression; better to know it here. */
export function expressionProblem(urls: readonly string[]): string | undefined {
  for (const url of urls) {
    try {
      new RegExp(url)
    } catch {
      return `“${url}” is no regular expression`
    }
  }
  return undefined
}

/** SDKs mask inputs unless they are told otherwise. */
export function maskingOf(kept: unknown): Masking {
  const { maskAllInputs, maskTextSelector, blockSelector } = objectOf(kept)
  return { inputs: maskAllInputs !== false, text: textOf(maskTextSelector), block: textOf(blockSelector) }
}

/** What only others write is kept. */
export function withMasking(kept: unknown, { inputs, text, block }: Masking): Record<string, unknown> | null {
  const { maskAllInputs: _inputs, maskTextSelector: _text, blockSelector: _block, ...others } = objectOf(kept)
  const made = {
    ...others,
    ...(!inputs && { maskAllInputs: false }),
    ...(text.trim() && { maskTextSelector: text.trim() }),
    ...(block.trim() && { blockSelector: block.trim() }),
  }
  return Object.keys(made).length > 0 ? made : null
}

export function linkedFlagOf(kept: unknown): LinkedFlag | null {
  const { id, key, variant } = objectOf(kept)
  if (typeof key !== 'string') return null
  return { id: Number(id), key, variant: typeof variant === 'string' ? variant : null }
}

export function objectOf(kept: unknown): Record<string, unknown> {
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept)
    ? (kept as Record<string, unknown>)
    : {}
}

function textOf(kept: unknown): string {
  return typeof kept === 'string' ? kept : ''
}
