import { Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { CopyButton } from '@/components/CopyButton'
import { Json } from '@/components/Json'
import { PropertiesTable } from '@/components/PropertiesTable'
import type { EventRow } from './eventsQuery'

/** One event opened: its properties, and everything as JSON. */
export function EventDetails({ event }: { event: EventRow }) {
  const [view, setView] = useState('properties')
  const [search, setSearch] = useState('')
  const { cells: _, ...whole } = event
  return (
    <Stack gap="sm" p="xs">
      <Group justify="space-between">
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="View"
            value={view}
            onChange={setView}
            data={[
              { value: 'properties', label: 'Properties' },
              { value: 'json', label: 'JSON' },
            ]}
          />
          {view === 'properties' && (
            <TextInput
              size="xs"
              leftSection={<IconSearch size={12} aria-hidden />}
              placeholder="Search properties"
              aria-label="Search properties"
              value={search}
              onChange={changed => setSearch(changed.currentTarget.value)}
            />
          )}
        </Group>
        <Group gap={4}>
          <Text size="xs" c="var(--hoglet-quiet)" className="monospace">
            {event.uuid}
          </Text>
          <CopyButton value={JSON.stringify(whole, null, 2)} what="Copy the event as JSON" />
        </Group>
      </Group>
      {view === 'properties' ? (
        <PropertiesTable properties={event.properties} search={search} />
      ) : (
        <Json value={whole} open={2} />
      )}
    </Stack>
  )
}
