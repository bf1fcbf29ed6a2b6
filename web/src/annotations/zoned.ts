/** Moments as a field for date and time holds them, in the project's zone: `2026-11-23T14:05`. */

export function toField(moment: Date | string, zone: string): string {
  const date = typeof moment === 'string' ? new Date(moment) : moment
  if (Number.isNaN(date.getTime())) return ''
  const parts = partsIn(date, zone)
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`
}

/** The moment as ISO 8601 in UTC; `null` where the field holds none. */
export function fromField(text: string, zone: string): string | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text)
  if (!found) return null
  const wanted = Date.parse(`${found[0]}:00Z`)
  if (Number.isNaN(wanted)) return null
  // The offset at the first guess is wrong near a change of the clocks; the second guess is right.
  const first = wanted - offsetMs(wanted, zone)
  return new Date(wanted - offsetMs(first, zone)).toISOString()
}

function offsetMs(moment: number, zone: string): number {
  const shown = Date.parse(`${toField(new Date(moment), zone)}:00Z`)
  return shown - Math.floor(moment / 60_000) * 60_000
}

function partsIn(date: Date, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  })
  return Object.fromEntries(format.formatToParts(date).map(part => [part.type, part.value]))
}
