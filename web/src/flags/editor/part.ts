import type { FlagDraft } from '../draft'

/** What every part of the editor is given. */
export interface Part {
  draft: FlagDraft
  change: (changed: Partial<FlagDraft>) => void
}
