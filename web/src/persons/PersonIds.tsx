import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Person } from '@/api/person'
import { CopyButton } from '@/components/CopyButton'
import { counted } from '@/components/format'
import { useMay } from '@/session/roles'
import { SplitDialog } from './SplitDialog'

/** All names under which somebody's events came. */
export function PersonIds({ person }: { person: Person }) {
  const mayChange = useMay('member')
  const [splitting, { open, close }] = useDisclosure(false)
  const ids = person.distinct_ids
  return (
    <Card>
      <Group justify="space-between" mb="sm">
        <Text c="var(--hoglet-quiet)">{counted(ids.length, 'distinct id')}; events of each are theirs</Text>
        {mayChange && ids.length > 1 && (
          <Button variant="default" onClick={open}>
            Split
          </Button>
        )}
      </Group>
      <Stack gap={4} role="list" aria-label="Distinct ids">
        {ids.map(id => (
          <Group key={id} role="listitem" gap="xs" wrap="nowrap">
            <Text className="monospace" style={{ overflowWrap: 'anywhere' }}>
              {id}
            </Text>
            <CopyButton value={id} what={`Copy ${id}`} />
          </Group>
        ))}
      </Stack>
      <Text size="sm" c="var(--hoglet-quiet)" mt="md">
        Person id <span className="monospace">{person.id}</span>{' '}
        <CopyButton value={person.id} what="Copy the person id" />
      </Text>
      {splitting && <SplitDialog person={person} onClose={close} />}
    </Card>
  )
}
