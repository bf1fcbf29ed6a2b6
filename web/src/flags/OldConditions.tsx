import { Group, Stack, Text } from '@mantine/core'
import type { FlagCondition, FlagFilters } from '@/api/flag'
import { FilterPill } from '@/components/FilterPill'

/** Conditions of older early access and holdouts: shown and kept, but changed by the API only. */
export function OldConditions({ filters }: { filters: FlagFilters }) {
  return (
    <>
      <Old
        title="Older early access conditions"
        note="The first set counts for whoever has one of its properties. Kept as it is; the API changes it"
        conditions={conditionsOf(filters.super_groups)}
      />
      <Old
        title="Older holdout conditions"
        note="Kept as they are, and not evaluated"
        conditions={conditionsOf(filters.holdout_groups)}
      />
    </>
  )
}

export function conditionsOf(kept: unknown): FlagCondition[] {
  return Array.isArray(kept) ? (kept as FlagCondition[]) : []
}

function Old({ title, note, conditions }: { title: string; note: string; conditions: FlagCondition[] }) {
  if (conditions.length === 0) return null
  return (
    <Stack gap={6}>
      <div>
        <Text size="sm" fw={500}>
          {title}
        </Text>
        <Text size="xs" c="var(--hoglet-quiet)">
          {note}
        </Text>
      </div>
      {conditions.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a set has no name but its place
        <Group key={index} gap={6}>
          <Text size="sm" className="tabular">
            {one.rollout_percentage ?? 100}%
          </Text>
          {(one.properties ?? []).map((filter, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may be there twice
            <FilterPill key={at} filter={filter} />
          ))}
        </Group>
      ))}
    </Stack>
  )
}
