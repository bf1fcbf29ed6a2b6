/** Counts by time and outcome, as charts draw them. */
import type { Evaluations } from '@/api/flag'
import type { Series } from '@/components/chart/series'

/** Every hour or day of the range has its place, also those without an answer. */
export function evaluationSeries(found: Evaluations, zone: string): { x: string[]; series: Series[] } {
  const x = found.interval === 'day' ? daysOf(found, zone) : hoursOf(found)
  const at = new Map(x.map((one, index) => [one, index]))
  const byOutcome = new Map<string, number[]>()
  for (const outcome of Object.keys(found.totals).sort())
    byOutcome.set(
      outcome,
      x.map(() => 0),
    )
  for (const { at: when, outcome, count } of found.results) {
    const index = at.get(when)
    const counts = byOutcome.get(outcome)
    if (index !== undefined && counts) counts[index] = (counts[index] ?? 0) + count
  }
  return {
    x: found.interval === 'day' ? x : x.map(one => wallClock(one, zone)),
    series: [...byOutcome].map(([id, data]) => ({ id, name: id, data })),
  }
}

/** A moment as the clock on the project's wall shows it, which is what charts take. */
function wallClock(moment: string, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    new Date(moment),
  )
}

const HOUR_MS = 3_600_000
const POINTS_MAX = 24 * 93

function hoursOf(found: Evaluations): string[] {
  const hours: string[] = []
  const end = Date.parse(found.date_to)
  for (let at = Date.parse(found.date_from); at < end && hours.length < POINTS_MAX; at += HOUR_MS) {
    hours.push(new Date(at).toISOString().replace('.000Z', 'Z'))
  }
  return hours
}

function daysOf(found: Evaluations, zone: string): string[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
  const end = Date.parse(found.date_to)
  const days = new Set<string>()
  // By hours, since days are not all 24 of them.
  for (let at = Date.parse(found.date_from); at < end && days.size < POINTS_MAX; at += HOUR_MS) {
    days.add(format.format(at))
  }
  days.add(format.format(end))
  return [...days]
}
