import { Card, Group, SegmentedControl, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { CopyButton } from '@/components/CopyButton'
import { Json } from '@/components/Json'
import { PropertiesTable } from '@/components/PropertiesTable'
import type { WholeEvent } from './useIssueEvents'

// What the stack above shows already, in the server's words.
const SHOWN_ABOVE = new Set(['$exception_list', '$exception_fingerprint_record'])

/** What else an event tells. */
export function EventProperties({ event }: { event: WholeEvent }) {
  const [view, setView] = useState('properties')
  const [search, setSearch] = useState('')
  const { cells: _, person: __, ...whole } = event
  const others = Object.fromEntries(Object.entries(event.properties).filter(([key]) => !SHOWN_ABOVE.has(key)))
  return (
    <Card component="section" aria-label="Event">
      <Group justify="space-between" mb="sm">
        <Title order={2}>Event</Title>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="View of the event"
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
          <CopyButton value={JSON.stringify(whole, null, 2)} what="Copy the event as JSON" />
        </Group>
      </Group>
      <Text size="xs" c="var(--hoglet-quiet)" className="monospace" mb="xs">
        {event.uuid}
      </Text>
      {view === 'properties' ? (
        <PropertiesTable properties={others} search={search} />
      ) : (
        <Json value={whole} open={2} />
      )}
    </Card>
  )
}
