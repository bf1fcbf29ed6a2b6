import { Button, Group, Popover } from '@mantine/core'
import { IconFilter, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { FilterSource, PropertyFilter } from '@/api/propertyFilter'
import { FilterEditor } from './FilterEditor'
import { FilterPill } from './FilterPill'
import { isComplete, type OperatorsOf } from './operators'

interface Props {
  value: PropertyFilter[]
  onChange: (filters: PropertyFilter[]) => void
  /** What may be filtered by; default: event, person, group, cohort and HogQL. */
  sources?: readonly FilterSource[]
  /** Properties seen with these events are offered first. */
  eventNames?: string[]
  addLabel?: string
  /** Properties of groups of this type only; default: each type is offered. */
  groupTypeIndex?: number
  /** What can be said of a property; default: what queries know. */
  operatorsOf?: OperatorsOf
}

const SOURCES: readonly FilterSource[] = ['event', 'person', 'group', 'cohort', 'hogql']

/** Conditions that all must hold, each a pill that opens to be changed. */
export function PropertyFilters({
  value,
  onChange,
  sources = SOURCES,
  eventNames,
  addLabel = 'Filter',
  groupTypeIndex,
  operatorsOf,
}: Props) {
  const [editing, setEditing] = useState<number | 'new' | null>(null)
  const close = () => setEditing(null)
  const replace = (index: number, filter: PropertyFilter) => {
    onChange(value.map((one, at) => (at === index ? filter : one)))
    close()
  }
  return (
    <Group gap="xs">
      {value.map((filter, index) => (
        <Popover
          // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may be there twice; its place is its name
          key={index}
          opened={editing === index}
          onChange={open => !open && close()}
          position="bottom-start"
          trapFocus
        >
          <Popover.Target>
            <FilterPill
              filter={filter}
              onClick={() => setEditing(editing === index ? null : index)}
              onRemove={() => onChange(value.filter((_, at) => at !== index))}
            />
          </Popover.Target>
          <Popover.Dropdown p="sm">
            <FilterEditor
              initial={filter}
              sources={sources}
              eventNames={eventNames}
              groupTypeIndex={groupTypeIndex}
              operatorsOf={operatorsOf}
              onDone={done => replace(index, done)}
            />
          </Popover.Dropdown>
        </Popover>
      ))}
      <Popover
        opened={editing === 'new'}
        onChange={open => !open && close()}
        position="bottom-start"
        trapFocus
      >
        <Popover.Target>
          <Button
            variant="default"
            leftSection={
              value.length > 0 ? <IconPlus size={14} aria-hidden /> : <IconFilter size={14} aria-hidden />
            }
            onClick={() => setEditing(editing === 'new' ? null : 'new')}
            aria-expanded={editing === 'new'}
          >
            {addLabel}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p="sm">
          <FilterEditor
            sources={sources}
            eventNames={eventNames}
            groupTypeIndex={groupTypeIndex}
            operatorsOf={operatorsOf}
            onDone={done => {
              if (isComplete(done)) onChange([...value, done])
              close()
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </Group>
  )
}
