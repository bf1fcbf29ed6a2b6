/** A colour between two, as `#rrggbb`: `share` 0 is the first, 1 the other. */
export function mixed(from: string, to: string, share: number): string {
  const at = Math.min(Math.max(share, 0), 1)
  const parts = [1, 3, 5].map(place => {
    const [a, b] = [from, to].map(color => Number.parseInt(color.slice(place, place + 2), 16))
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * at)
      .toString(16)
      .padStart(2, '0')
  })
  return `#${parts.join('')}`
}
