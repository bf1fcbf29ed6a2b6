import type { PropertyType } from '@/api/definition'

export const PROPERTY_TYPES: readonly { value: NonNullable<PropertyType>; label: string }[] = [
  { value: 'String', label: 'Text' },
  { value: 'Numeric', label: 'Number' },
  { value: 'Boolean', label: 'True or false' },
  { value: 'DateTime', label: 'Time' },
  { value: 'Duration', label: 'Duration' },
]

export function typeName(type: PropertyType): string {
  return PROPERTY_TYPES.find(one => one.value === type)?.label ?? '–'
}
