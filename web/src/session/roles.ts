/** What the user's role in the organisation lets them do. The server decides; this only keeps buttons from lying. */
import { useSession } from './session'

const LEVELS = { viewer: 1, member: 2, admin: 3, owner: 4 } as const
export type Role = keyof typeof LEVELS

export function reaches(role: string | undefined, needed: Role): boolean {
  return role !== undefined && Object.hasOwn(LEVELS, role) && LEVELS[role as Role] >= LEVELS[needed]
}

/** Whether the user is at least this: `member` may change things, `admin` members and settings. */
export function useMay(needed: Role): boolean {
  return reaches(useSession().organization?.role, needed)
}
