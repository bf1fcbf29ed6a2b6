import { Loader, ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type PropertyDefinitionsAsked, type PropertyType, propertyDefinitionsQuery } from '@/api/definition'
import { PropertyName } from './EventName'
import classes from './PropertyList.module.css'
import { fixedChoices } from './propertyChoices'
import type { SourceTab } from './SourceTabs'
import { useEnterOnce } from './useEnterOnce'
import { useProjectId } from './useProject'

interface Props {
  tab: SourceTab
  eventNames?: string[]
  numerical?: boolean
  onChoose: (name: string, type: PropertyType) => void
}

const KINDS = new Set(['event', 'person', 'group'])

/** The properties of one kind, searched on the server; a name that nobody sent yet can be used too. */
export function PropertyList({ tab, eventNames, numerical, onChoose }: Props) {
  const projectId = useProjectId()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 150)
  const fixed = fixedChoices(tab.source)
  const asked: PropertyDefinitionsAsked = {
    search: search || undefined,
    type: KINDS.has(tab.source) ? (tab.source as 'event') : 'event',
    group_type_index: tab.groupTypeIndex,
    event_names: tab.source === 'event' ? eventNames : undefined,
    is_numerical: numerical || undefined,
  }
  const found = useQuery({
    ...propertyDefinitionsQuery(projectId, asked),
    enabled: !fixed,
    placeholderData: keepPreviousData,
  })
  const choices =
    fixed?.filter(one => one.name.includes(search)) ??
    (found.data?.results ?? [])
      .filter(one => !one.hidden)
      .map(one => ({ name: one.name, type: one.property_type }))
  const isNew = search !== '' && !found.isFetching && !choices.some(one => one.name === search)
  const first = choices[0]
  const enter = useEnterOnce(typed.trim() === search && !found.isPlaceholderData, () => {
    if (first) onChoose(first.name, first.type)
  })
  return (
    <>
      <TextInput
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={found.isFetching && <Loader size={14} />}
        placeholder="Search properties"
        aria-label="Search properties"
        value={typed}
        onChange={event => {
          enter.forget()
          setTyped(event.currentTarget.value)
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') enter.press()
        }}
        data-autofocus
      />
      <ScrollArea.Autosize mah={280} type="scroll">
        <div className={classes.list}>
          {choices.map(one => (
            <UnstyledButton
              key={one.name}
              className={classes.choice}
              onClick={() => onChoose(one.name, one.type)}
            >
              <PropertyName name={one.name} />
              <Text span size="xs" c="var(--hoglet-quiet)">
                {one.type ?? ''}
              </Text>
            </UnstyledButton>
          ))}
          {isNew && (
            <UnstyledButton className={classes.choice} onClick={() => onChoose(search, null)}>
              Use “{search}”
            </UnstyledButton>
          )}
          {!search && !found.isFetching && choices.length === 0 && (
            <Text p="xs" c="var(--hoglet-quiet)">
              No properties were seen yet
            </Text>
          )}
        </div>
      </ScrollArea.Autosize>
    </>
  )
}
