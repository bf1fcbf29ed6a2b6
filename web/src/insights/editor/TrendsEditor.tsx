import { Stack } from '@mantine/core'
import { BreakdownEditor } from './BreakdownEditor'
import type { EditorProps } from './Editor'
import { FiltersSection } from './FiltersSection'
import { FormulaEditor } from './FormulaEditor'
import { Section } from './Section'
import { SeriesList } from './SeriesList'

const SERIES_MAX = 26

export function TrendsEditor({ query, onChange }: EditorProps) {
  const series = query.series ?? []
  return (
    <Stack gap="lg">
      <Section title="Series">
        <SeriesList
          kind="TrendsQuery"
          value={series}
          onChange={changed => onChange({ series: changed })}
          max={SERIES_MAX}
          addLabel="Add series"
        />
      </Section>
      <Section title="Formula">
        <FormulaEditor
          value={query.trendsFilter ?? {}}
          seriesCount={series.length}
          onChange={trendsFilter => onChange({ trendsFilter })}
        />
      </Section>
      <FiltersSection query={query} onChange={onChange} />
      <Section title="Breakdown">
        <BreakdownEditor
          value={query.breakdownFilter}
          onChange={breakdownFilter => onChange({ breakdownFilter })}
          eventNames={series.flatMap(one => (one.event ? [one.event] : []))}
        />
      </Section>
    </Stack>
  )
}
