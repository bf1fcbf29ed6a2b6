import { CloseButton, Group, Stack, Switch, Tabs, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { PageHeader } from '@/components/PageHeader'
import { useUrlState } from '@/components/useUrlState'
import { EventList } from './EventList'
import { EventListFilters } from './EventListFilters'
import { OwnerPicker } from './OwnerPicker'
import { PropertyDefinitionList } from './PropertyDefinitionList'
import { definitionsRoute } from './routes'

const TYPED_MS = 250

export function DefinitionsPage() {
  const [state, change] = useUrlState(definitionsRoute)
  const tab = state.tab ?? 'events'
  const [typed, setTyped] = useState(state.q ?? '')
  const settle = useDebouncedCallback(
    (text: string) => change({ q: text.trim() || undefined, page: undefined }),
    TYPED_MS,
  )
  const type = (text: string) => {
    setTyped(text)
    settle(text)
  }
  const what = tab === 'events' ? 'events' : 'properties'
  return (
    <>
      <PageHeader
        title="Definitions"
        description="Every event and property that was seen, and what it means"
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={value => {
          setTyped('')
          change({ tab: value === 'properties' ? 'properties' : undefined, q: undefined, page: undefined })
        }}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="events">Events</Tabs.Tab>
          <Tabs.Tab value="properties">Properties</Tabs.Tab>
        </Tabs.List>
        <Stack gap="md">
          <Group gap="sm">
            <TextInput
              size="xs"
              w={{ base: '100%', xs: 280 }}
              leftSection={<IconSearch size={14} aria-hidden />}
              placeholder={`Search ${what}`}
              aria-label={`Search ${what}`}
              value={typed}
              onChange={event => type(event.currentTarget.value)}
              rightSection={
                typed && <CloseButton size="xs" aria-label="Clear the search" onClick={() => type('')} />
              }
            />
            {tab === 'events' ? (
              <EventListFilters state={state} onChange={change} />
            ) : (
              <OwnerPicker
                value={{ of: state.of ?? 'event', group: state.group }}
                onChange={owner => change({ ...owner, page: undefined })}
              />
            )}
            <Switch
              size="xs"
              label="Show hidden ones"
              checked={state.hidden ?? false}
              onChange={event =>
                change({ hidden: event.currentTarget.checked || undefined, page: undefined })
              }
            />
          </Group>
          <Tabs.Panel value="events">
            <EventList state={state} onChange={change} />
          </Tabs.Panel>
          <Tabs.Panel value="properties">
            <PropertyDefinitionList state={state} onChange={change} />
          </Tabs.Panel>
        </Stack>
      </Tabs>
    </>
  )
}
