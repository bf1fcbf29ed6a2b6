import { Stack, Text } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'

/** The question was answered: there is nothing. */
export function NoData({ height, children }: { height: number; children?: string }) {
  return (
    <Stack align="center" justify="center" gap="xs" h={height} ta="center" px="md" c="var(--hoglet-quiet)">
      <IconChartDots size={28} stroke={1.5} aria-hidden />
      <Text fw={500}>Nothing matches</Text>
      <Text size="sm">{children ?? 'Look at a longer time, or take a filter away.'}</Text>
    </Stack>
  )
}
