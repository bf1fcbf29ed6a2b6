import type { UserBasic } from '@/api/page'

/** A person of the team by name, or by address where they have none. */
export function userName(
  user: Pick<UserBasic, 'first_name' | 'last_name' | 'email'> | null | undefined,
): string {
  if (!user) return 'Somebody who is gone'
  return [user.first_name, user.last_name].filter(Boolean).join(' ') || user.email
}
