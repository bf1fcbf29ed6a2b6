/** Tables as the side panel shows them. */
import type { SchemaField, SchemaTable } from '@/api/editor'

const FIRST = ['events', 'persons', 'sessions', 'groups']

/** Tables and columns of that name; of a table whose own name fits, all columns. Those most asked for come first. */
export function matching(tables: readonly SchemaTable[], search: string): SchemaTable[] {
  const wanted = search.trim().toLowerCase()
  const found = tables.flatMap(table => {
    if (!wanted || table.name.toLowerCase().includes(wanted)) return [table]
    const fields = Object.entries(table.fields).filter(([name]) => name.toLowerCase().includes(wanted))
    return fields.length > 0 ? [{ ...table, fields: Object.fromEntries(fields) }] : []
  })
  return found.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name))
}

function rank({ name }: SchemaTable): number {
  const at = FIRST.indexOf(name)
  if (at >= 0) return at
  return name.startsWith('raw_') || name.startsWith('system.') ? FIRST.length + 1 : FIRST.length
}

const TYPES: Readonly<Record<string, string>> = {
  field_traverser: 'alias',
  virtual_table: 'fields',
  lazy_table: 'joined',
  unknown: '',
}

export function fieldType({ type }: SchemaField): string {
  return Object.hasOwn(TYPES, type) ? (TYPES[type] ?? '') : type
}
