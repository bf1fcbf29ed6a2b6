export interface Minute {
  /** As the API answers it. */
  time: string
  count: number
}

/** The newest minutes, oldest first; what the answer has too few of is filled with nothing at the front. */
export function lastMinutes(data: readonly number[], times: readonly string[], count: number): Minute[] {
  const found = times.map((time, index) => ({ time, count: data[index] ?? 0 })).slice(-count)
  const missing = Array.from({ length: Math.max(0, count - found.length) }, () => ({ time: '', count: 0 }))
  return [...missing, ...found]
}
