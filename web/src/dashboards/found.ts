import type { DashboardBasic } from '@/api/dashboard'

/** Those that hold every word that is searched for, pinned ones first, then by name. */
export function found(all: readonly DashboardBasic[], asked: { q?: string; tag?: string }): DashboardBasic[] {
  const words = (asked.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  return all
    .filter(one => {
      if (asked.tag && !one.tags.includes(asked.tag)) return false
      const text = [one.name ?? '', one.description, ...one.tags].join(' ').toLowerCase()
      return words.every(word => text.includes(word))
    })
    .sort(
      (one, other) =>
        Number(other.pinned) - Number(one.pinned) || (one.name ?? '').localeCompare(other.name ?? ''),
    )
}
