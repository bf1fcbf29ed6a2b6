import { useMemo } from 'react'
import type { Person } from '@/api/person'
import type { RowsAnswer } from '@/api/query'
import { counted } from '@/components/format'
import { text } from '@/components/hogql'
import { TimeAgo } from '@/components/Time'
import { useQueryKind } from '@/components/useQueryKind'

/** When somebody was seen first and last, and how many events they have. */
export function PersonSeen({ person }: { person: Person }) {
  const query = useMemo(
    () => ({
      kind: 'HogQLQuery',
      query: `SELECT max(timestamp), count() FROM events WHERE person_id = ${text(person.id)}`,
    }),
    [person.id],
  )
  const found = useQueryKind<RowsAnswer>(query, { keepPrevious: false })
  const [last, count] = found.data?.results[0] ?? []
  return (
    <span>
      First seen <TimeAgo value={person.created_at} />
      {Number(count) > 0 && (
        <>
          {' · '}last seen <TimeAgo value={String(last)} />
          {' · '}
          {counted(Number(count), 'event')}
        </>
      )}
    </span>
  )
}
