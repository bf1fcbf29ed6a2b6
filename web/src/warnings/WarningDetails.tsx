import { Stack, Table, Text } from '@mantine/core'
import type { WarningExample, WarningKind } from '@/api/warning'
import { EventName } from '@/components/EventName'
import { Json } from '@/components/Json'
import { PersonLink } from '@/components/PersonLink'
import { Time } from '@/components/Time'
import { toldOf } from './kinds'

/** What it means, what to do, and the newest examples. */
export function WarningDetails({ kind }: { kind: WarningKind }) {
  const { happened, todo } = toldOf(kind.type)
  return (
    <Stack gap="md" p="sm">
      <Stack gap="xs" maw={760}>
        <Text>
          <strong>What happened.</strong> {happened}
        </Text>
        <Text>
          <strong>What to do.</strong> {todo}
        </Text>
      </Stack>
      <div>
        <Text size="sm" fw={600} mb={4}>
          {kind.count > kind.warnings.length ? `The newest ${kind.warnings.length}` : 'All of them'}
        </Text>
        <Table aria-label="Examples" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={190}>Time</Table.Th>
              <Table.Th>Event</Table.Th>
              <Table.Th>Distinct id</Table.Th>
              <Table.Th>Details</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {kind.warnings.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: warnings have no other name than their place
              <Example key={at} example={one} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Stack>
  )
}

function Example({ example }: { example: WarningExample }) {
  const { event, distinctId, eventUuid: _, ...others } = example.details
  return (
    <Table.Tr style={{ verticalAlign: 'top' }}>
      <Table.Td>
        <Time value={example.timestamp} />
      </Table.Td>
      <Table.Td>{typeof event === 'string' ? <EventName name={event} /> : '–'}</Table.Td>
      <Table.Td>
        {typeof distinctId === 'string' ? <PersonLink person={null} distinctId={distinctId} /> : '–'}
      </Table.Td>
      <Table.Td>{Object.keys(others).length > 0 ? <Json value={others} open={1} /> : '–'}</Table.Td>
    </Table.Tr>
  )
}
