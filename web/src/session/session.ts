/** Who is signed in. The server keeps the session in a cookie that no script can read. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { api, take } from '@/api/client'
import { keys } from '@/api/keys'
import type { User } from '@/api/user'

export const sessionQuery = () =>
  queryOptions({
    queryKey: keys.me(),
    queryFn: ({ signal }) => take<User>(api.GET('/api/users/@me/', { signal })),
    staleTime: 60_000,
  })

/** The user. Pages below the shell are only shown to somebody. */
export function useSession(): User {
  return useSuspenseQuery(sessionQuery()).data
}
