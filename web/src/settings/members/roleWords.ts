import type { Role } from '@/session/roles'

export const ROLES: readonly { value: Role; label: string; may: string }[] = [
  { value: 'viewer', label: 'Viewer', may: 'Reads everything, changes nothing' },
  { value: 'member', label: 'Member', may: 'Makes and changes insights, dashboards, flags' },
  { value: 'admin', label: 'Admin', may: 'Also settings, keys and members' },
  { value: 'owner', label: 'Owner', may: 'Also owners, and deleting the organisation' },
]
const LEVELS: readonly Role[] = ['viewer', 'member', 'admin', 'owner']

/** The roles that somebody of this role may give. */
export function givable(mine: string | undefined): readonly (typeof ROLES)[number][] {
  const level = LEVELS.indexOf(mine as Role)
  return ROLES.filter(one => LEVELS.indexOf(one.value) <= level)
}
