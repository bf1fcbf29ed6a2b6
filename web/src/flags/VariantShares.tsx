import { Group, Progress, Stack, Text } from '@mantine/core'
import type { FlagVariant } from '@/api/flag'
import { variantColor } from './editor/variantColor'

/** How the variants share those who get the flag. */
export function VariantShares({ variants }: { variants: FlagVariant[] }) {
  return (
    <Stack gap="xs">
      <Progress.Root size={10} aria-hidden>
        {variants.map((one, index) => (
          <Progress.Section key={one.key} value={one.rollout_percentage} color={variantColor(index)} />
        ))}
      </Progress.Root>
      {variants.map((one, index) => (
        <Group key={one.key} gap="xs" wrap="nowrap">
          <span
            aria-hidden
            style={{ width: 10, height: 10, borderRadius: 3, flex: 'none', background: variantColor(index) }}
          />
          <Text size="sm" className="monospace">
            {one.key}
          </Text>
          <Text size="sm" c="var(--hoglet-quiet)" truncate flex={1}>
            {one.name}
          </Text>
          <Text size="sm" className="tabular">
            {one.rollout_percentage}%
          </Text>
        </Group>
      ))}
    </Stack>
  )
}
