/** Does something with each, a few at once, in their order, until called off. */
export async function inTurn<T>(
  things: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  act: (thing: T) => Promise<unknown>,
): Promise<void> {
  const left = [...things]
  const worker = async () => {
    for (let one = left.shift(); one !== undefined && !signal.aborted; one = left.shift()) await act(one)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, worker))
}
