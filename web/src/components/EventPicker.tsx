import { Button, Combobox, Loader, ScrollArea, Text, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronDown } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { actionsQuery } from '@/api/action'
import { eventDefinitionsQuery } from '@/api/definition'
import { EventName } from './EventName'
import { knownEvent } from './eventNames'
import { useProjectId } from './useProject'

/** An event by its name (`null` is every event), or an action by its number. */
export type EventChoice =
  | { kind: 'event'; name: string | null }
  | { kind: 'action'; id: number; name: string }

interface Props {
  value: EventChoice | null
  onChange: (choice: EventChoice) => void
  /** Offers "All events". */
  allowAll?: boolean
  allowActions?: boolean
  placeholder?: string
  label?: string
}

export function choiceName(choice: EventChoice | null, placeholder = 'Choose an event'): string {
  if (!choice) return placeholder
  return choice.kind === 'event' && choice.name === null ? 'All events' : (choice.name ?? placeholder)
}

/** The same as people know it. */
function shownName(choice: EventChoice | null, placeholder: string | undefined): string {
  const name = choiceName(choice, placeholder)
  return choice?.kind === 'event' ? (knownEvent(name) ?? name) : name
}

export function EventPicker(props: Props) {
  const { value, onChange, allowAll = true, allowActions = true, placeholder, label = 'Event' } = props
  const projectId = useProjectId()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 150)
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption()
      setTyped('')
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  })
  const asked = { enabled: combobox.dropdownOpened, placeholderData: keepPreviousData }
  const events = useQuery({
    ...eventDefinitionsQuery(projectId, { search: search || undefined, limit: 50 }),
    ...asked,
  })
  const actions = useQuery({
    ...actionsQuery(projectId, { search: search || undefined, limit: 20 }),
    ...asked,
    enabled: combobox.dropdownOpened && allowActions,
  })
  const shownEvents = (events.data?.results ?? []).filter(one => !one.hidden)
  const shownActions = allowActions ? (actions.data?.results ?? []) : []

  const submit = (option: string) => {
    const [kind, id = ''] = split(option)
    if (kind === 'all') onChange({ kind: 'event', name: null })
    else if (kind === 'event') onChange({ kind: 'event', name: id })
    else
      onChange({
        kind: 'action',
        id: Number(id),
        name: shownActions.find(one => String(one.id) === id)?.name ?? id,
      })
    combobox.closeDropdown()
  }

  return (
    <Combobox store={combobox} onOptionSubmit={submit} width={320} position="bottom-start" withinPortal>
      <Combobox.Target withAriaAttributes={false}>
        <Button
          variant="default"
          onClick={() => combobox.toggleDropdown()}
          rightSection={<IconChevronDown size={12} aria-hidden />}
          aria-label={`${label}: ${shownName(value, placeholder)}`}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
        >
          <Text span inherit truncate maw={240} lh={1.6}>
            {value?.kind === 'event' && value.name !== null ? (
              <EventName name={value.name} />
            ) : (
              choiceName(value, placeholder)
            )}
          </Text>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          placeholder="Search events"
          aria-label="Search events"
          rightSection={events.isFetching && <Loader size={14} />}
        />
        <Combobox.Options>
          <ScrollArea.Autosize mah={320} type="scroll">
            {allowAll && !search && <Combobox.Option value="all:">All events</Combobox.Option>}
            {shownEvents.length > 0 && (
              <Combobox.Group label="Events">
                {shownEvents.map(one => (
                  <Combobox.Option key={one.id} value={`event:${one.name}`}>
                    <EventName name={one.name} />
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            )}
            {shownActions.length > 0 && (
              <Combobox.Group label="Actions">
                {shownActions.map(one => (
                  <Combobox.Option key={one.id} value={`action:${one.id}`}>
                    {one.name || `Action ${one.id}`}
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            )}
            {search && !shownEvents.some(one => one.name === search) && (
              <Combobox.Option value={`event:${search}`}>
                Use “{search}”, which was not seen yet
              </Combobox.Option>
            )}
            {!search && !events.isFetching && shownEvents.length === 0 && (
              <Combobox.Empty>No events were seen yet</Combobox.Empty>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function split(option: string): [string, string] {
  const at = option.indexOf(':')
  return [option.slice(0, at), option.slice(at + 1)]
}
