/** How a person is called: by the first of the project's display properties that they have. */
export interface PersonShown {
  uuid?: string
  distinct_id?: string
  properties?: Record<string, unknown>
}

const DEFAULT_NAMES = ['email', 'Email', '$email', 'name', 'Name', 'username', 'Username', 'UserName']

export function personName(
  person: PersonShown,
  distinctId: string,
  by: readonly string[] | null | undefined,
): string {
  for (const key of by?.length ? by : DEFAULT_NAMES) {
    const value = person.properties?.[key]
    if (typeof value === 'string' && value.trim()) return value
    if (typeof value === 'number') return String(value)
  }
  return distinctId || person.distinct_id || person.uuid || 'Unknown'
}

export function isPerson(given: unknown): given is PersonShown {
  return typeof given === 'object' && given !== null && ('uuid' in given || 'distinct_id' in given)
}
