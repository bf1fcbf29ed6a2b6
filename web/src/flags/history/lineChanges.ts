/** Two texts line by line: what stayed, what went, what came. */
export interface Line {
  kind: 'same' | 'gone' | 'added'
  text: string
}

const LINES_MAX = 600

export function lineChanges(before: string, after: string): Line[] {
  const earlier = before ? before.split('\n') : []
  const later = after ? after.split('\n') : []
  if (earlier.length > LINES_MAX || later.length > LINES_MAX) {
    return [...earlier.map(text => line('gone', text)), ...later.map(text => line('added', text))]
  }
  const common = lengths(earlier, later)
  const found: Line[] = []
  let [one, other] = [0, 0]
  while (one < earlier.length || other < later.length) {
    const [gone, added] = [earlier[one], later[other]]
    if (gone !== undefined && gone === added) {
      found.push(line('same', gone))
      one += 1
      other += 1
    } else if (
      added === undefined ||
      (gone !== undefined && at(common, one + 1, other) >= at(common, one, other + 1))
    ) {
      found.push(line('gone', gone ?? ''))
      one += 1
    } else {
      found.push(line('added', added))
      other += 1
    }
  }
  return found
}

/** The length of the longest common lines from each pair of places on. */
function lengths(earlier: string[], later: string[]): number[][] {
  const table = Array.from({ length: earlier.length + 1 }, () => new Array<number>(later.length + 1).fill(0))
  for (let one = earlier.length - 1; one >= 0; one -= 1) {
    const row = table[one]
    if (!row) continue
    for (let other = later.length - 1; other >= 0; other -= 1) {
      row[other] =
        earlier[one] === later[other]
          ? at(table, one + 1, other + 1) + 1
          : Math.max(at(table, one + 1, other), at(table, one, other + 1))
    }
  }
  return table
}

function at(table: number[][], one: number, other: number): number {
  return table[one]?.[other] ?? 0
}

function line(kind: Line['kind'], text: string): Line {
  return { kind, text }
}
