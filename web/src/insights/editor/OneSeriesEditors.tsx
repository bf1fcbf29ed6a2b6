import { Checkbox, Group, NativeSelect, Stack } from '@mantine/core'
import { CommitNumber } from './CommitNumber'
import type { EditorProps } from './Editor'
import { FiltersSection } from './FiltersSection'
import { Section } from './Section'
import { SeriesList } from './SeriesList'

const STATUSES = ['new', 'returning', 'resurrecting', 'dormant'] as const

export function LifecycleEditor({ query, onChange }: EditorProps) {
  const shown = query.lifecycleFilter?.toggledLifecycles ?? [...STATUSES]
  return (
    <Stack gap="lg">
      <Section title="Series">
        <SeriesList
          kind="LifecycleQuery"
          value={query.series ?? []}
          onChange={series => onChange({ series })}
          max={1}
          addLabel="Add series"
        />
      </Section>
      <Section title="Shown">
        <Group gap="md">
          {STATUSES.map(status => (
            <Checkbox
              key={status}
              size="xs"
              label={status.charAt(0).toUpperCase() + status.slice(1)}
              checked={shown.includes(status)}
              onChange={event => {
                const kept = STATUSES.filter(one =>
                  one === status ? event.currentTarget.checked : shown.includes(one),
                )
                if (kept.length > 0) {
                  onChange({ lifecycleFilter: { ...query.lifecycleFilter, toggledLifecycles: kept } })
                }
              }}
            />
          ))}
        </Group>
      </Section>
      <FiltersSection query={query} onChange={onChange} />
    </Stack>
  )
}

export function StickinessEditor({ query, onChange }: EditorProps) {
  const filter = query.stickinessFilter ?? {}
  const criteria = filter.stickinessCriteria
  return (
    <Stack gap="lg">
      <Section title="Series">
        <SeriesList
          kind="StickinessQuery"
          value={query.series ?? []}
          onChange={series => onChange({ series })}
          max={26}
          addLabel="Add series"
        />
      </Section>
      <Section title="An interval counts">
        <Group gap="xs">
          <NativeSelect
            size="xs"
            aria-label="How often in an interval"
            value={criteria?.operator ?? 'any'}
            data={[
              { value: 'any', label: 'with any event' },
              { value: 'gte', label: 'with at least' },
              { value: 'lte', label: 'with at most' },
              { value: 'exact', label: 'with exactly' },
            ]}
            onChange={event => {
              const operator = event.currentTarget.value
              const stickinessCriteria =
                operator === 'any' ? undefined : { operator, value: criteria?.value ?? 1 }
              onChange({ stickinessFilter: { ...filter, stickinessCriteria } })
            }}
          />
          {criteria && (
            <CommitNumber
              size="xs"
              w={90}
              aria-label="Number of events"
              min={1}
              value={criteria.value}
              onCommit={value =>
                onChange({
                  stickinessFilter: { ...filter, stickinessCriteria: { ...criteria, value: value ?? 1 } },
                })
              }
            />
          )}
        </Group>
      </Section>
      <FiltersSection query={query} onChange={onChange} />
    </Stack>
  )
}
