import { Group, NumberInput, Select, TextInput } from '@mantine/core'
import type { Variable } from '@/api/variable'

interface Props {
  variables: readonly Variable[]
  chosen: Readonly<Record<string, unknown>>
  onChoose: (id: string, value: unknown) => void
}

const TRUTHS = [
  { value: 'true', label: 'true' },
  { value: 'false', label: 'false' },
]

/** The variables that the query speaks of, each to be set. */
export function VariableBar({ variables, chosen, onChoose }: Props) {
  if (variables.length === 0) return null
  return (
    <Group gap="xs" px="sm" pb="xs" aria-label="Variables" role="group">
      {variables.map(one => (
        <Value
          key={one.id}
          variable={one}
          value={Object.hasOwn(chosen, one.id) ? chosen[one.id] : one.default_value}
          onChange={value => onChoose(one.id, value)}
        />
      ))}
    </Group>
  )
}

interface ValueProps {
  variable: Variable
  value: unknown
  onChange: (value: unknown) => void
}

function Value({ variable, value, onChange }: ValueProps) {
  const text = value === null || value === undefined ? '' : String(value)
  const shared = { label: variable.name, size: 'xs', w: 170 } as const
  switch (variable.type) {
    case 'Number':
      return <NumberInput {...shared} value={text} onChange={onChange} />
    case 'Boolean':
      return (
        <Select
          {...shared}
          data={TRUTHS}
          value={text || null}
          clearable
          onChange={one => onChange(one === null ? null : one === 'true')}
        />
      )
    case 'List':
      return (
        <Select {...shared} data={variable.values ?? []} value={text || null} clearable onChange={onChange} />
      )
    default:
      return (
        <TextInput
          {...shared}
          type={variable.type === 'Date' ? 'date' : 'text'}
          value={text}
          onChange={event => onChange(event.currentTarget.value)}
        />
      )
  }
}
