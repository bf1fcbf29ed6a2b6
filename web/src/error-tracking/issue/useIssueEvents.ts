import { useMemo } from 'react'
import type { DateRangeValue, RowsAnswer } from '@/api/query'
import { useQueryKind } from '@/components/useQueryKind'
import type { EventRow } from '@/events/eventsQuery'
import { eventQuery, eventsQuery, neighbours } from './questions'

export interface WholeEvent extends EventRow {
  person: unknown
}

/** An issue's newest events, and the one that is looked at. */
export function useIssueEvents(issueId: string, range: DateRangeValue, chosen: string | undefined) {
  const list = useQueryKind<RowsAnswer>(eventsQuery(issueId, range), { refresh: 'force_blocking' })
  const rows = list.data?.results
  const uuids = useMemo(() => (rows ?? []).map(([uuid]) => String(uuid)), [rows])
  const uuid = chosen ?? uuids[0]
  const time = rows?.find(([one]) => one === uuid)?.[1]
  const isReady = uuid !== undefined && rows !== undefined
  const one = useQueryKind<RowsAnswer>(
    isReady ? eventQuery(uuid, time === undefined ? undefined : String(time)) : null,
  )
  const row = one.data?.results[0]
  const event: WholeEvent | undefined = row && {
    ...(row[0] as EventRow),
    cells: [],
    person: row[1],
  }
  return {
    event,
    /** Its place among them, the newest is the first. */
    place: uuid === undefined ? -1 : uuids.indexOf(uuid),
    count: uuids.length,
    ...(uuid !== undefined && neighbours(uuids, uuid)),
    isLoading: list.isLoading || (isReady && one.isLoading),
    isOld: one.isPrevious,
    isNone: rows !== undefined && uuid === undefined,
    isGone: isReady && one.data !== undefined && !one.isPrevious && row === undefined,
    error: list.error ?? one.error,
    retry: list.error ? list.retry : one.retry,
  }
}
