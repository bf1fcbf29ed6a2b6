import { ActionIcon, Group, Stack, Switch, Text } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { cohortsQuery } from '@/api/cohort'
import type { FilterSource } from '@/api/propertyFilter'
import { PropertyName } from '@/components/EventName'
import { useProjectId } from '@/components/useProject'
import { added, BREAKDOWNS_MAX, breakdownsOf, withBreakdowns } from '../query/breakdowns'
import type { Breakdown, BreakdownFilter } from '../query/insightQuery'
import { CommitNumber } from './CommitNumber'
import { PropertyPicker } from './PropertyPicker'

interface Props {
  value: BreakdownFilter | null | undefined
  onChange: (filter: BreakdownFilter | undefined) => void
  eventNames?: string[]
  /** Funnels and retention take one. */
  single?: boolean
}

const SOURCES: readonly FilterSource[] = ['event', 'person', 'group', 'session', 'cohort', 'hogql']
const LIMIT = 25

export function BreakdownEditor({ value, onChange, eventNames, single = false }: Props) {
  const list = breakdownsOf(value)
  const isCohorts = list[0]?.type === 'cohort'
  const cohorts = useQuery({ ...cohortsQuery(useProjectId()), enabled: isCohorts })
  const nameOf = (one: Breakdown) =>
    one.type === 'cohort'
      ? one.property === 'all'
        ? 'All users'
        : (cohorts.data?.results.find(cohort => cohort.id === Number(one.property))?.name ??
          `Cohort ${one.property}`)
      : String(one.property)
  const isFull = single && !isCohorts ? list.length > 0 : list.length >= (isCohorts ? 20 : BREAKDOWNS_MAX)
  return (
    <Stack gap="xs">
      {list.map((one, index) => (
        <Group key={`${one.type}:${one.property}`} gap={4} wrap="nowrap">
          <Text size="sm" truncate flex={1} title={nameOf(one)}>
            {one.type === 'cohort' || one.type === 'hogql' ? (
              nameOf(one)
            ) : (
              <PropertyName name={nameOf(one)} />
            )}{' '}
            <Text span size="xs" c="var(--hoglet-quiet)">
              {one.type ?? 'event'}
            </Text>
          </Text>
          <ActionIcon
            size="sm"
            aria-label={`Remove the breakdown by ${nameOf(one)}`}
            onClick={() =>
              onChange(
                withBreakdowns(
                  value,
                  list.filter((_, at) => at !== index),
                ),
              )
            }
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      {!isFull && (
        <PropertyPicker
          label="Add a breakdown"
          leftSection={<IconPlus size={14} aria-hidden />}
          sources={SOURCES}
          eventNames={eventNames}
          onChoose={({ source, property, groupTypeIndex }) => {
            const one: Breakdown = {
              property,
              type: source,
              ...(groupTypeIndex !== undefined && { group_type_index: groupTypeIndex }),
            }
            onChange(withBreakdowns(value, added(list, one)))
          }}
        >
          Breakdown
        </PropertyPicker>
      )}
      {list.length > 0 && !isCohorts && (
        <Group gap="sm">
          <CommitNumber
            size="xs"
            w={150}
            label="Values shown"
            min={1}
            max={100}
            placeholder={String(LIMIT)}
            value={value?.breakdown_limit ?? undefined}
            onCommit={limit => onChange({ ...value, breakdown_limit: limit })}
          />
          {!single && (
            <Switch
              size="xs"
              mt={18}
              label="Hide the others"
              checked={value?.breakdown_hide_other_aggregation ?? false}
              onChange={event =>
                onChange({
                  ...value,
                  breakdown_hide_other_aggregation: event.currentTarget.checked || undefined,
                })
              }
            />
          )}
        </Group>
      )}
    </Stack>
  )
}
