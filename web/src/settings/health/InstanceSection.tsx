import { Progress, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { instanceQuery, type Room } from '@/api/instance'
import { ErrorState } from '@/components/ErrorState'
import { bytes } from '@/components/format'
import { Section } from '../Section'
import { Figure } from './Figure'

const FULL_PERCENT = 90
const FILLING_PERCENT = 75

/** Disk, memory and version. */
export function InstanceSection() {
  const found = useQuery(instanceQuery())
  return (
    <Section title="Machine">
      {found.error && !found.data ? (
        <ErrorState error={found.error} onRetry={() => found.refetch()} compact />
      ) : !found.data ? (
        <Skeleton h={64} />
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Filled name="Disk" room={found.data.disk} />
          {found.data.memory && <Filled name="Memory" room={found.data.memory} />}
          <Figure name="Version" value={found.data.version} />
        </SimpleGrid>
      )}
    </Section>
  )
}

function Filled({ name, room }: { name: string; room: Room }) {
  const used = room.total_bytes > 0 ? (1 - room.free_bytes / room.total_bytes) * 100 : 0
  const color = used >= FULL_PERCENT ? 'red' : used >= FILLING_PERCENT ? 'orange' : undefined
  return (
    <Stack gap={4}>
      <Text size="xs" c="var(--hoglet-quiet)">
        {name}
      </Text>
      <Progress value={used} color={color} aria-label={`${name} used`} />
      <Text size="xs" className="tabular">
        {bytes(room.free_bytes)} free of {bytes(room.total_bytes)}
      </Text>
    </Stack>
  )
}
