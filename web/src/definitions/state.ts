/** What people say of a definition besides words: it may be trusted, or kept out of sight, never both. */
export const STATES = ['plain', 'verified', 'hidden'] as const
export type DefinitionState = (typeof STATES)[number]

export const STATE_NAMES: Readonly<Record<DefinitionState, string>> = {
  plain: 'Visible',
  verified: 'Verified',
  hidden: 'Hidden',
}

export const STATE_MEANINGS: Readonly<Record<DefinitionState, string>> = {
  plain: 'It is offered wherever an event or property is chosen.',
  verified: 'Somebody has checked it: it is offered first, with a mark.',
  hidden: 'It is not offered any more. Its data stays, and everything that uses it goes on.',
}

export function stateOf({ verified, hidden }: { verified: boolean; hidden: boolean }): DefinitionState {
  if (hidden) return 'hidden'
  return verified ? 'verified' : 'plain'
}

export function flagsOf(state: DefinitionState): { verified: boolean; hidden: boolean } {
  return { verified: state === 'verified', hidden: state === 'hidden' }
}
