import { Box, Card, SimpleGrid, Skeleton, Stack } from '@mantine/core'

function times<T>(count: number, one: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => one(index))
}

/** Rows in the shape of a table. */
export function LoadingTable({ rows = 8 }: { rows?: number }) {
  return (
    <Card padding={0} role="status" aria-busy="true" aria-label="Loading">
      <Box p="sm" style={{ borderBottom: '1px solid var(--hoglet-border)' }}>
        <Skeleton h={12} w="60%" />
      </Box>
      <Stack gap={18} p="sm" py="md">
        {times(rows, index => (
          <Skeleton key={index} h={12} w={`${95 - ((index * 17) % 35)}%`} />
        ))}
      </Stack>
    </Card>
  )
}

/** The room of a chart. */
export function LoadingChart({ height = 280 }: { height?: number | string }) {
  return (
    <Box
      h={height}
      role="status"
      aria-busy="true"
      aria-label="Loading"
      style={{ display: 'flex', alignItems: 'flex-end', gap: 12 }}
    >
      {times(12, index => (
        <Skeleton key={index} h={`${30 + ((index * 37) % 60)}%`} style={{ flex: 1 }} radius="sm" />
      ))}
    </Box>
  )
}

/** Tiles on a grid. */
export function LoadingCards({ count = 6, height = 120 }: { count?: number; height?: number }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} role="status" aria-busy="true" aria-label="Loading">
      {times(count, index => (
        <Card key={index} h={height}>
          <Stack gap="sm">
            <Skeleton h={14} w="50%" />
            <Skeleton h={10} w="80%" />
            <Skeleton h={10} w="65%" />
          </Stack>
        </Card>
      ))}
    </SimpleGrid>
  )
}

/** Lines of text. */
export function LoadingText({ lines = 3 }: { lines?: number }) {
  return (
    <Stack gap={10} role="status" aria-busy="true" aria-label="Loading">
      {times(lines, index => (
        <Skeleton key={index} h={12} w={`${90 - index * 12}%`} />
      ))}
    </Stack>
  )
}
