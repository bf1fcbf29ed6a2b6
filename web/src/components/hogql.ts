/** Pieces of HogQL out of names that anybody may have chosen. */

const PLAIN = /^[A-Za-z_$][A-Za-z0-9_$]*$/

/** A name as one step of a path. */
export function identifier(name: string): string {
  return PLAIN.test(name) ? name : `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '\\`')}\``
}

export function eventProperty(key: string): string {
  return `properties.${identifier(key)}`
}

export function personProperty(key: string): string {
  return `person.properties.${identifier(key)}`
}

export function groupProperty(index: number, key: string): string {
  return `group_${index}.properties.${identifier(key)}`
}

const PROPERTY = /^(person\.|group_\d\.)?properties\.(?:`((?:[^`\\]|\\.)*)`|([A-Za-z_$][A-Za-z0-9_$]*))$/

/** The property that an expression is, if it is no more than that. */
export function propertyOf(expression: string): { of: 'event' | 'person' | 'group'; key: string } | null {
  const found = PROPERTY.exec(expression)
  if (!found) return null
  const key = found[3] ?? (found[2] ?? '').replace(/\\(.)/g, '$1')
  return { of: found[1] === 'person.' ? 'person' : found[1] ? 'group' : 'event', key }
}

/** Text as a constant. */
export function text(value: string): string {
  return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
}
