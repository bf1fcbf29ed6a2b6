/** The server counts characters, the editor UTF-16 units: they differ behind an emoji. */

/** The number of characters before a place in the editor. */
export function charactersBefore(text: string, unit: number): number {
  let count = 0
  for (const _ of text.slice(0, unit)) count += 1
  return count
}

/** The place in the editor before which there are that many characters. */
export function unitOf(text: string, characters: number): number {
  let unit = 0
  let count = 0
  for (const character of text) {
    if (count === characters) break
    unit += character.length
    count += 1
  }
  return unit
}
