import { NativeSelect, SimpleGrid, Stack, Switch } from '@mantine/core'
import type { RetentionFilter } from '../query/insightQuery'
import { entityOf, nodeOf } from '../query/kinds'
import { AggregateSelect } from './AggregateSelect'
import { BreakdownEditor } from './BreakdownEditor'
import { CommitNumber } from './CommitNumber'
import type { EditorProps } from './Editor'
import { FiltersSection } from './FiltersSection'
import { Section } from './Section'
import { SeriesRow } from './SeriesRow'

const INTERVALS_MAX = 31

export function RetentionEditor({ query, onChange }: EditorProps) {
  const filter = query.retentionFilter ?? {}
  const set = (changed: Partial<RetentionFilter>) => onChange({ retentionFilter: { ...filter, ...changed } })
  const period = filter.period ?? 'Day'
  return (
    <Stack gap="lg">
      <Section title="Who began by">
        <SeriesRow
          kind="RetentionQuery"
          node={nodeOf(filter.targetEntity)}
          mark="1"
          onChange={node => set({ targetEntity: entityOf(node) })}
          isFirst
          isLast
          hasMath={false}
        />
        <NativeSelect
          size="xs"
          aria-label="Which time counts"
          value={filter.retentionType ?? 'retention_recurring'}
          data={[
            { value: 'retention_first_time', label: 'for the first time' },
            { value: 'retention_recurring', label: 'any time' },
            { value: 'retention_first_ever_occurrence', label: 'for the first time, whatever the filters' },
          ]}
          onChange={event => set({ retentionType: event.currentTarget.value })}
        />
      </Section>
      <Section title="And came back to">
        <SeriesRow
          kind="RetentionQuery"
          node={nodeOf(filter.returningEntity)}
          mark="2"
          onChange={node => set({ returningEntity: entityOf(node) })}
          isFirst
          isLast
          hasMath={false}
        />
      </Section>
      <Section title="Counting">
        <SimpleGrid cols={2} spacing="xs">
          <NativeSelect
            size="xs"
            label="By"
            value={period}
            data={['Hour', 'Day', 'Week', 'Month'].map(value => ({ value, label: value.toLowerCase() }))}
            onChange={event => set({ period: event.currentTarget.value })}
          />
          <CommitNumber
            size="xs"
            label={`${period}s shown`}
            min={1}
            max={INTERVALS_MAX}
            disabled={query.dateRange?.date_from !== undefined && query.dateRange?.date_from !== null}
            value={filter.totalIntervals ?? 7}
            onCommit={totalIntervals => set({ totalIntervals })}
          />
          <AggregateSelect
            value={query.aggregation_group_type_index}
            onChange={aggregation_group_type_index => onChange({ aggregation_group_type_index })}
          />
          <NativeSelect
            size="xs"
            label="In percent of"
            value={filter.retentionReference ?? 'total'}
            data={[
              { value: 'total', label: 'all who began' },
              { value: 'previous', label: 'those before' },
            ]}
            onChange={event => set({ retentionReference: event.currentTarget.value })}
          />
        </SimpleGrid>
        <Switch
          size="xs"
          label="Count those who came back then or later"
          checked={filter.cumulative ?? false}
          onChange={event => set({ cumulative: event.currentTarget.checked || undefined })}
        />
      </Section>
      <FiltersSection query={query} onChange={onChange} />
      <Section title="Breakdown">
        <BreakdownEditor
          value={query.breakdownFilter}
          onChange={breakdownFilter => onChange({ breakdownFilter })}
          single
        />
      </Section>
    </Stack>
  )
}
