import { Button, Group, JsonInput, Text } from '@mantine/core'
import { useState } from 'react'
import { jsonProblem } from '../checks'
import { REDACTED } from '../draft'

interface Props {
  label: string
  description?: string
  value: string
  onChange: (payload: string) => void
  error?: string
  placeholder?: string
}

/** JSON that is told to be none while it is typed. What is kept encrypted is not shown, only replaced. */
export function PayloadInput({ label, description, value, onChange, error, placeholder }: Props) {
  const [left, setLeft] = useState(false)
  if (value === REDACTED) {
    return (
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text size="sm" fw={500}>
            {label}
          </Text>
          <Text size="sm" c="var(--hoglet-quiet)">
            Encrypted, and kept as it is
          </Text>
        </div>
        <Button variant="default" onClick={() => onChange('')}>
          Replace
        </Button>
      </Group>
    )
  }
  const problem = jsonProblem(value)
  const told = problem && `${problem.message} (line ${problem.line}, column ${problem.column})`
  return (
    <div>
      <JsonInput
        label={label}
        description={description}
        placeholder={placeholder ?? '{"color": "blue"}'}
        autosize
        minRows={2}
        maxRows={16}
        classNames={{ input: 'monospace' }}
        value={value}
        onChange={onChange}
        onBlur={() => setLeft(true)}
        error={(left || value.length > 1) && told ? told : error}
        spellCheck={false}
      />
      {!problem && value.trim() !== '' && pretty(value) !== value && (
        <Button variant="subtle" size="compact-xs" mt={4} onClick={() => onChange(pretty(value))}>
          Format
        </Button>
      )}
    </div>
  )
}

function pretty(value: string): string {
  return JSON.stringify(JSON.parse(value), null, 2)
}
