/** Which scopes a key gets: everything, or for each kind nothing, reading, or changing too. */
export type Access = 'none' | 'read' | 'write'
export type Chosen = Readonly<Record<string, Access>>

export const PRESETS: readonly { id: string; label: string; chosen: Chosen }[] = [
  { id: 'flags', label: 'Local flag evaluation', chosen: { feature_flag: 'read' } },
  {
    id: 'analytics',
    label: 'Analytics',
    chosen: { query: 'read', insight: 'read', dashboard: 'read', cohort: 'read', person: 'read' },
  },
]

/** Changing takes reading along. */
export function scopesOf(chosen: Chosen): string[] {
  return Object.entries(chosen).flatMap(([name, access]) => {
    if (access === 'none') return []
    return access === 'write' ? [`${name}:read`, `${name}:write`] : [`${name}:read`]
  })
}

/** `feature_flag` as `Feature flag`. */
export function scopeName(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
