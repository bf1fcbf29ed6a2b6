import { Button, Group, NativeSelect, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { PropertyType } from '@/api/definition'
import type { FilterSource, PropertyFilter } from '@/api/propertyFilter'
import { CohortList } from './CohortList'
import { FilterValueInput } from './FilterValueInput'
import { FlagList } from './FlagList'
import { isComplete, type OperatorsOf, operatorsFor, valueFor } from './operators'
import { PropertyList } from './PropertyList'
import { type SourceTab, SourceTabs } from './SourceTabs'

interface Props {
  initial?: PropertyFilter
  sources: readonly FilterSource[]
  eventNames?: string[]
  groupTypeIndex?: number
  operatorsOf?: OperatorsOf
  onDone: (filter: PropertyFilter) => void
}

/** Choose a property, then say what of it. A cohort is done with one choice. */
export function FilterEditor(props: Props) {
  const { initial, sources, eventNames, operatorsOf = operatorsFor, onDone } = props
  const [filter, setFilter] = useState<PropertyFilter | null>(initial ?? null)
  const [type, setType] = useState<PropertyType | undefined>(undefined)
  const [tab, setTab] = useState<SourceTab>({
    source: initial?.type ?? sources[0] ?? 'event',
    groupTypeIndex: initial?.group_type_index ?? props.groupTypeIndex,
  })
  const choosing = filter === null || (filter.key === '' && filter.type !== 'hogql')

  if (choosing) {
    const begin = (key: string, propertyType: PropertyType) => {
      const operator = operatorsOf(propertyType, tab.source)[0]?.id ?? 'exact'
      setType(propertyType)
      setFilter({
        type: tab.source,
        key,
        operator,
        value: valueFor(operator, undefined),
        ...(tab.groupTypeIndex !== undefined && { group_type_index: tab.groupTypeIndex }),
      })
    }
    return (
      <Stack gap="xs" w={340} maw="calc(100vw - 48px)">
        <SourceTabs sources={sources} value={tab} onChange={setTab} groupTypeIndex={props.groupTypeIndex} />
        {tab.source === 'cohort' && (
          <CohortList
            onChoose={(id, name) =>
              onDone({ type: 'cohort', key: 'id', operator: 'in', value: id, cohort_name: name })
            }
          />
        )}
        {tab.source === 'hogql' && (
          <HogQLEditor onDone={key => onDone({ type: 'hogql', key, value: null })} />
        )}
        {tab.source === 'flag' && <FlagList onDone={onDone} />}
        {tab.source !== 'cohort' && tab.source !== 'hogql' && tab.source !== 'flag' && (
          <PropertyList tab={tab} eventNames={eventNames} onChoose={begin} />
        )}
      </Stack>
    )
  }

  if (filter.type === 'hogql') {
    return <HogQLEditor initial={filter.key} onDone={key => onDone({ ...filter, key })} />
  }

  if (filter.type === 'flag') {
    return <FlagList initial={filter} onDone={onDone} />
  }

  const operators = operatorsOf(type, filter.type)
  const known = operators.some(one => one.id === filter.operator)
  const submit = () => onDone({ ...filter, value: filter.value ?? null })
  return (
    <Stack
      gap="xs"
      w={300}
      maw="calc(100vw - 48px)"
      component="form"
      onSubmit={event => {
        event.preventDefault()
        // React hands it on to a form that this one hangs over.
        event.stopPropagation()
        if (isComplete(filter)) submit()
      }}
    >
      <Button variant="subtle" justify="flex-start" px={4} onClick={() => setFilter(null)} fw={600}>
        {filter.type === 'cohort' ? filter.cohort_name || `Cohort ${String(filter.value)}` : filter.key}
      </Button>
      <NativeSelect
        aria-label="Operator"
        size="sm"
        value={filter.operator}
        data={[
          ...(known || !filter.operator ? [] : [{ value: filter.operator, label: filter.operator }]),
          ...operators.map(one => ({ value: one.id, label: one.words })),
        ]}
        onChange={event => {
          const operator = event.currentTarget.value
          const value = filter.type === 'cohort' ? filter.value : valueFor(operator, filter.value)
          setFilter({ ...filter, operator, value })
        }}
      />
      {filter.type !== 'cohort' && (
        <FilterValueInput
          filter={filter}
          eventName={eventNames?.length === 1 ? eventNames[0] : undefined}
          onChange={value => setFilter({ ...filter, value })}
        />
      )}
      <Group justify="flex-end">
        <Button type="submit" disabled={!isComplete(filter)}>
          Apply
        </Button>
      </Group>
    </Stack>
  )
}

function HogQLEditor({ initial = '', onDone }: { initial?: string; onDone: (key: string) => void }) {
  const [text, setText] = useState(initial)
  return (
    <Stack gap="xs" w={340} maw="calc(100vw - 48px)">
      <Textarea
        label="HogQL expression"
        description="Rows for which it is true are kept"
        placeholder="properties.amount > 100 and person.properties.plan = 'pro'"
        autosize
        minRows={3}
        classNames={{ input: 'monospace' }}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end">
        <Button disabled={!text.trim()} onClick={() => onDone(text.trim())}>
          Apply
        </Button>
      </Group>
    </Stack>
  )
}
