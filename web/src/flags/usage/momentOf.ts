const UNIT_MS = { h: 3_600_000, d: 86_400_000 } as const

/** `-7d` as a moment, to the minute, so that the same question has the same key for a while. */
export function momentOf(ago: string, now = Date.now()): string {
  const told = /^-(\d+)([hd])$/.exec(ago)
  const ms = told ? Number(told[1]) * UNIT_MS[told[2] as 'h' | 'd'] : 0
  return `${new Date(now - ms).toISOString().slice(0, 16)}:00Z`
}
