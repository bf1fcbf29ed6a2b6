/** From annotations to marks on charts. */
import type { Annotation } from '@/api/annotation'
import type { Interval } from '@/api/query'
import { type Mark, placeOf } from '@/components/chart/series'
import { timeIn } from '@/components/format'
import { userName } from '@/components/userName'
import { fromField } from './zoned'

/** Each at the point whose interval it lies in, the earliest first; those before and after the points are left out. */
export function marksOf(
  annotations: Annotation[],
  x: string[],
  interval: Interval | undefined,
  zone: string,
): Mark[] {
  const found: (Mark & { place: number; moment: string })[] = []
  for (const one of annotations) {
    const text = [one.emoji, one.content].filter(Boolean).join(' ')
    if (!one.date_marker || !text) continue
    const place = placeOf(new Date(one.date_marker), x, interval, zone)
    const at = x[place]
    if (at === undefined) continue
    const by = `${userName(one.created_by)} · ${timeIn(zone, one.date_marker, 'minute')}`
    found.push({ x: at, text, by, place, moment: one.date_marker })
  }
  found.sort((a, b) => a.place - b.place || a.moment.localeCompare(b.moment))
  return found.map(({ x, text, by }) => ({ x, text, by }))
}

/** The moment that a new one at a point is at first: now, where now is in it, else the beginning of its interval. */
export function momentAt(
  x: string,
  interval: Interval | undefined,
  zone: string,
  now = new Date(),
): string | undefined {
  if (placeOf(now, [x], interval, zone) === 0) return now.toISOString()
  const field = x.length > 10 ? `${x.slice(0, 10)}T${x.slice(11, 16)}` : `${x}T00:00`
  return fromField(field, zone) ?? undefined
}
