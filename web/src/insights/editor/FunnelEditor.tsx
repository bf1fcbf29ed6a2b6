import { Group, NativeSelect, SimpleGrid, Stack } from '@mantine/core'
import type { FunnelsFilter } from '../query/insightQuery'
import { AggregateSelect } from './AggregateSelect'
import { BreakdownEditor } from './BreakdownEditor'
import { CommitNumber } from './CommitNumber'
import type { EditorProps } from './Editor'
import { ExclusionsEditor } from './ExclusionsEditor'
import { FiltersSection } from './FiltersSection'
import { Section } from './Section'
import { SeriesList } from './SeriesList'

const UNITS = ['second', 'minute', 'hour', 'day', 'week', 'month']

export function FunnelEditor({ query, onChange }: EditorProps) {
  const series = query.series ?? []
  const filter = query.funnelsFilter ?? {}
  const set = (changed: Partial<FunnelsFilter>) => onChange({ funnelsFilter: { ...filter, ...changed } })
  const view = filter.funnelVizType ?? 'steps'
  const steps = series.map((_, index) => ({ value: String(index), label: `Step ${index + 1}` }))
  const attribution =
    filter.breakdownAttributionType === 'step'
      ? `step:${filter.breakdownAttributionValue ?? 0}`
      : (filter.breakdownAttributionType ?? 'first_touch')
  return (
    <Stack gap="lg">
      <Section title="Steps">
        <SeriesList
          kind="FunnelsQuery"
          value={series}
          onChange={changed => onChange({ series: changed, funnelsFilter: fitted(filter, changed.length) })}
          numbered
          min={2}
          max={30}
          addLabel="Add step"
        />
      </Section>
      <Section title="Conversion">
        <SimpleGrid cols={2} spacing="xs">
          <NativeSelect
            size="xs"
            label="Order"
            value={filter.funnelOrderType ?? 'ordered'}
            data={[
              { value: 'ordered', label: 'In this order' },
              { value: 'strict', label: 'Right after each other' },
              { value: 'unordered', label: 'In any order' },
            ]}
            onChange={event => set({ funnelOrderType: event.currentTarget.value })}
          />
          <AggregateSelect
            value={query.aggregation_group_type_index}
            onChange={aggregation_group_type_index => onChange({ aggregation_group_type_index })}
          />
          <CommitNumber
            size="xs"
            label="Within"
            min={1}
            max={1000}
            value={filter.funnelWindowInterval ?? 14}
            onCommit={found => set({ funnelWindowInterval: found })}
          />
          <NativeSelect
            size="xs"
            label="Unit"
            value={filter.funnelWindowIntervalUnit ?? 'day'}
            data={UNITS.map(value => ({ value, label: `${value}s` }))}
            onChange={event => set({ funnelWindowIntervalUnit: event.currentTarget.value })}
          />
          {view !== 'steps' && (
            <>
              <NativeSelect
                size="xs"
                label="From"
                value={String(filter.funnelFromStep ?? 0)}
                data={steps.slice(0, -1)}
                onChange={event => set({ funnelFromStep: Number(event.currentTarget.value) })}
              />
              <NativeSelect
                size="xs"
                label="To"
                value={String(filter.funnelToStep ?? series.length - 1)}
                data={steps.slice((filter.funnelFromStep ?? 0) + 1)}
                onChange={event => set({ funnelToStep: Number(event.currentTarget.value) })}
              />
            </>
          )}
        </SimpleGrid>
      </Section>
      <Section title="Exclusions">
        <ExclusionsEditor
          value={filter.exclusions ?? []}
          stepCount={series.length}
          onChange={exclusions => set({ exclusions: exclusions.length > 0 ? exclusions : undefined })}
        />
      </Section>
      <FiltersSection query={query} onChange={onChange} />
      {view !== 'time_to_convert' && (
        <Section title="Breakdown">
          <BreakdownEditor
            value={query.breakdownFilter}
            onChange={breakdownFilter => onChange({ breakdownFilter })}
            eventNames={series.flatMap(one => (one.event ? [one.event] : []))}
            single
          />
          {query.breakdownFilter && (
            <Group>
              <NativeSelect
                size="xs"
                label="The value is that of"
                value={attribution}
                data={[
                  { value: 'first_touch', label: 'the first event that has one' },
                  { value: 'last_touch', label: 'the last event that has one' },
                  { value: 'all_events', label: 'all events, each with its own' },
                  ...steps.map(({ value, label }) => ({
                    value: `step:${value}`,
                    label: label.toLowerCase(),
                  })),
                ]}
                onChange={event => {
                  const [type, step] = event.currentTarget.value.split(':')
                  set({
                    breakdownAttributionType: type,
                    breakdownAttributionValue: step === undefined ? undefined : Number(step),
                  })
                }}
              />
            </Group>
          )}
        </Section>
      )}
    </Stack>
  )
}

/** Steps that are gone are named no more. */
export function fitted(filter: FunnelsFilter, count: number): FunnelsFilter {
  const last = count - 1
  const { funnelFromStep: from, funnelToStep: to, exclusions, ...kept } = filter
  const isWithin = (from ?? 0) < (to ?? last) && (to ?? last) <= last
  const held = exclusions?.filter(one => (one.funnelToStep ?? last) <= last)
  return {
    ...kept,
    ...(isWithin && from !== undefined && { funnelFromStep: from }),
    ...(isWithin && to !== undefined && { funnelToStep: to }),
    ...(held?.length && { exclusions: held }),
  }
}
