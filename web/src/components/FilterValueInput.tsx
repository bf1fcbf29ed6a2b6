import { Group, NumberInput, TagsInput, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FilterValue, PropertyFilter } from '@/api/propertyFilter'
import { propertyValuesQuery, type ValuesAsked } from '@/api/values'
import { operatorOf } from './operators'
import { useProjectId } from './useProject'

interface Props {
  filter: PropertyFilter
  /** Values are suggested from this event only. */
  eventName?: string
  onChange: (value: FilterValue) => void
}

/** The value of a filter, in the shape that its operator takes. */
export function FilterValueInput({ filter, eventName, onChange }: Props) {
  const { values } = operatorOf(filter.operator)
  if (values === 'none') return null
  if (values === 'many') return <ManyValues filter={filter} eventName={eventName} onChange={onChange} />
  if (values === 'range') {
    const [from = '', to = ''] = Array.isArray(filter.value) ? filter.value : []
    return (
      <Group gap="xs" wrap="nowrap">
        <NumberInput aria-label="From" value={from} onChange={value => onChange([value, to])} autoFocus />
        <Text>and</Text>
        <NumberInput aria-label="To" value={to} onChange={value => onChange([from, value])} />
      </Group>
    )
  }
  const single = Array.isArray(filter.value) ? filter.value[0] : filter.value
  if (values === 'number') {
    return (
      <NumberInput
        aria-label="Value"
        value={typeof single === 'number' || typeof single === 'string' ? single : ''}
        onChange={onChange}
        autoFocus
      />
    )
  }
  const isDate = values === 'date'
  return (
    <TextInput
      aria-label="Value"
      value={single === null || single === undefined ? '' : String(single)}
      placeholder={isDate ? '2026-01-31 or -7d' : 'Value'}
      description={isDate ? 'A day, or how long ago: -7d, -2w, -1m' : undefined}
      onChange={event => onChange(event.currentTarget.value)}
      autoFocus
    />
  )
}

function ManyValues({ filter, eventName, onChange }: Props) {
  const projectId = useProjectId()
  const [typed, setTyped] = useState('')
  const [part] = useDebouncedValue(typed, 150)
  const known = filter.type === 'event' || filter.type === 'person' || filter.type === 'group'
  const asked: ValuesAsked = {
    source: known ? (filter.type as ValuesAsked['source']) : 'event',
    key: filter.key,
    value: part || undefined,
    event_name: filter.type === 'event' ? eventName : undefined,
    group_type_index: filter.group_type_index,
  }
  const found = useQuery({
    ...propertyValuesQuery(projectId, asked),
    enabled: known,
    placeholderData: keepPreviousData,
  })
  const suggested = [...new Set((found.data ?? []).map(one => String(one.name)))]
  const chosen = Array.isArray(filter.value) ? filter.value.map(String) : []
  const [opened, setOpened] = useState(chosen.length === 0)
  return (
    <TagsInput
      aria-label="Values"
      placeholder={chosen.length > 0 ? '' : 'Choose or type values'}
      data={suggested}
      value={chosen}
      onChange={values => {
        // It would lie over the button that applies them; typing more opens it again.
        setOpened(false)
        onChange(values)
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      maxDropdownHeight={220}
      acceptValueOnBlur
      comboboxProps={{ withinPortal: false }}
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      autoFocus
    />
  )
}
