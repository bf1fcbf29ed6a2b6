import { useMemo, useState } from 'react'

export interface Selection {
  ids: string[]
  has: (id: string) => boolean
  toggle: (id: string) => void
  /** All of those in sight, or none. */
  toggleAll: () => void
  isAll: boolean
  clear: () => void
}

/** Which rows of a list are chosen. What is no longer listed is not chosen any more. */
export function useSelection(listed: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const names = listed.join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are the list
  const ids = useMemo(() => listed.filter(id => chosen.has(id)), [names, chosen])
  const isAll = ids.length > 0 && ids.length === listed.length
  return {
    ids,
    isAll,
    has: id => chosen.has(id),
    toggle: id =>
      setChosen(before => {
        const changed = new Set(before)
        if (!changed.delete(id)) changed.add(id)
        return changed
      }),
    toggleAll: () => setChosen(isAll ? new Set() : new Set(listed)),
    clear: () => setChosen(new Set()),
  }
}
