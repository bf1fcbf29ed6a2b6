import { Group, NativeSelect, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { groupTypesQuery } from '@/api/group'
import { PropertyName } from '@/components/EventName'
import { useProjectId } from '@/components/useProject'
import type { InsightKind, SeriesNode } from '../query/insightQuery'
import { mathChoices, mathValue, needsProperty, withMath } from '../query/math'
import { CommitInput } from './CommitInput'
import { PropertyPicker } from './PropertyPicker'

interface Props {
  kind: InsightKind
  node: SeriesNode
  name: string
  onChange: (node: SeriesNode) => void
}

const TYPES: Readonly<Record<string, string>> = { person: 'person_properties', session: 'session_properties' }

/** How a series is counted, with the property or expression that takes. */
export function MathSelect({ kind, node, name, onChange }: Props) {
  const types = useQuery(groupTypesQuery(useProjectId()))
  const choices = mathChoices(kind, types.data ?? [])
  const value = mathValue(node)
  const isKnown = choices.some(group => group.items.some(one => one.value === value))
  return (
    <Group gap="xs">
      <NativeSelect
        size="xs"
        aria-label={`Counted of ${name}`}
        value={value}
        data={[
          ...choices,
          ...(isKnown ? [] : [{ group: 'Set elsewhere', items: [{ value, label: value }] }]),
        ]}
        onChange={event => onChange(withMath(node, event.currentTarget.value))}
      />
      {needsProperty(node.math) && (
        <PropertyPicker
          label={`Property of ${name}: ${node.math_property ?? 'none chosen'}`}
          sources={['event', 'person', 'session']}
          eventNames={node.event ? [node.event] : undefined}
          numerical
          onChoose={chosen =>
            onChange({
              ...node,
              math_property: String(chosen.property),
              math_property_type: TYPES[chosen.source] ?? 'event_properties',
            })
          }
        >
          {node.math_property ? (
            <PropertyName name={node.math_property} />
          ) : (
            <Text span inherit c="red">
              Choose a property
            </Text>
          )}
        </PropertyPicker>
      )}
      {node.math === 'hogql' && (
        <CommitInput
          size="xs"
          flex={1}
          miw={180}
          aria-label={`HogQL of ${name}`}
          placeholder={
            kind === 'StickinessQuery' ? 'properties.account_id' : 'sum(properties.amount) / count()'
          }
          classNames={{ input: 'monospace' }}
          value={node.math_hogql ?? ''}
          onCommit={math_hogql => onChange({ ...node, math_hogql })}
        />
      )}
    </Group>
  )
}
