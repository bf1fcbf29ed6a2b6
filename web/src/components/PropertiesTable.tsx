import { Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyButton } from './CopyButton'
import { PropertyName } from './EventName'
import { knownProperty } from './eventNames'
import { Json } from './Json'

interface Props {
  properties: Record<string, unknown>
  search?: string
  /** Buttons behind a value. */
  actions?: (key: string, value: unknown) => ReactNode
}

/** Properties by name, those of the product before those that SDKs add. */
export function PropertiesTable({ properties, search = '', actions }: Props) {
  const wanted = search.trim().toLowerCase()
  const entries = Object.entries(properties)
    .filter(
      ([key, value]) =>
        !wanted || `${key} ${knownProperty(key) ?? ''} ${String(value)}`.toLowerCase().includes(wanted),
    )
    .sort(([a], [b]) => Number(a.startsWith('$')) - Number(b.startsWith('$')) || a.localeCompare(b))
  if (entries.length === 0) {
    return <Text c="var(--hoglet-quiet)">{wanted ? 'No property matches' : 'There are no properties'}</Text>
  }
  return (
    <Table aria-label="Properties" verticalSpacing={4} layout="fixed">
      <Table.Tbody>
        {entries.map(([key, value]) => (
          <Table.Tr key={key}>
            <Table.Th
              scope="row"
              fw={500}
              w="34%"
              style={{ verticalAlign: isTree(value) ? 'top' : 'middle' }}
            >
              <PropertyName name={key} />
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {typeof value === 'object' && value !== null ? (
                <Json value={value} open={0} />
              ) : (
                <Value value={value} />
              )}
            </Table.Td>
            <Table.Td w={actions ? 96 : 44} ta="right" style={{ verticalAlign: 'top', whiteSpace: 'nowrap' }}>
              {actions?.(key, value)}
              <CopyButton
                value={typeof value === 'string' ? value : JSON.stringify(value)}
                what={`Copy ${key}`}
              />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function isTree(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function Value({ value }: { value: unknown }) {
  if (value === null || value === '')
    return (
      <Text span inherit c="var(--hoglet-quiet)">
        {value === null ? 'null' : 'empty'}
      </Text>
    )
  return <span>{String(value)}</span>
}
