/** Queries that were run here lately; they stay in this browser. */

export interface RecentQuery {
  query: string
  at: string
}

export const RECENT_MAX = 30
const CHARACTERS_MAX = 20_000

/** The newest first; running a query again moves it up. */
export function withRecent(recent: readonly RecentQuery[], query: string, at: string): RecentQuery[] {
  const text = query.trim()
  if (!text || text.length > CHARACTERS_MAX) return [...recent]
  return [{ query: text, at }, ...recent.filter(one => one.query !== text)].slice(0, RECENT_MAX)
}

/** Whatever the browser kept, it is a list of queries. */
export function readRecent(kept: string | null | undefined): RecentQuery[] {
  try {
    const found: unknown = JSON.parse(kept ?? '[]')
    return Array.isArray(found) ? found.filter(isRecent).slice(0, RECENT_MAX) : []
  } catch {
    return []
  }
}

function isRecent(given: unknown): given is RecentQuery {
  const { query, at } = (given ?? {}) as Record<string, unknown>
  return typeof query === 'string' && typeof at === 'string'
}
