/** From what the address of the list says to what the API is asked. */
import type { FlagsAsked } from '@/api/flag'

export interface FlagsState {
  search?: string
  status?: 'active' | 'inactive' | 'stale' | 'archived'
  type?: 'boolean' | 'multivariant' | 'remote_config'
  tags?: string[]
  creator?: number
  order?: FlagsAsked['order']
}

const ACTIVE = { active: 'true', inactive: 'false', stale: 'STALE' } as const

export function flagsAsked(state: FlagsState): FlagsAsked {
  const { search, status, type, tags, creator, order } = state
  return {
    ...(search && { search }),
    ...(status && status !== 'archived' && { active: ACTIVE[status] }),
    ...(status === 'archived' && { archived: 'true' }),
    ...(type && { type }),
    ...(tags?.length && { tags: JSON.stringify(tags) }),
    ...(creator !== undefined && { created_by_id: creator }),
    ...(order && { order }),
  }
}

export function isNarrowed({ order: _, ...state }: FlagsState): boolean {
  return Object.keys(flagsAsked(state)).length > 0
}
