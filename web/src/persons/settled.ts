/** Whether the appliance has done what was asked of it, as its persons now are. */
import { type Person, personsKnownBy } from '@/api/person'

type Known = Pick<Person, 'id' | 'distinct_ids'>
type Look = typeof personsKnownBy

/** All others are part of the person, told by a name of each. */
export async function isMerged(
  projectId: string,
  into: Known,
  others: Known[],
  look: Look = personsKnownBy,
): Promise<boolean> {
  for (const [name] of others.map(one => one.distinct_ids)) {
    if (name === undefined) continue
    const found = await look(projectId, name)
    if (!found.some(one => one.id === into.id)) return false
  }
  return true
}

/** None of their names leads to the person; whoever came under one since is another. */
export async function isGone(
  projectId: string,
  person: Known,
  look: Look = personsKnownBy,
): Promise<boolean> {
  const [name] = person.distinct_ids
  if (name === undefined) return true
  const found = await look(projectId, name)
  return !found.some(one => one.id === person.id)
}

/** The names but the main one lead to others. */
export async function isSplit(
  projectId: string,
  person: Known,
  main: string,
  look: Look = personsKnownBy,
): Promise<boolean> {
  const name = person.distinct_ids.find(one => one !== main)
  if (name === undefined) return true
  const found = await look(projectId, name)
  return found.length > 0 && !found.some(one => one.id === person.id)
}
