import { Box, Group, MultiSelect, Select } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Chart } from '@/components/chart/Chart'
import { EmptyState } from '@/components/EmptyState'
import { rowsChart } from '@/insights/result/rows'
import type { ResultColumn } from '../rows'
import type { SqlAnswer } from '../useSqlRun'
import {
  DEFAULT_DISPLAY,
  DISPLAY_NAMES,
  DISPLAYS,
  type Drawing,
  sqlQuery,
  visualization,
} from '../visualization'

interface Props {
  answer: SqlAnswer
  columns: ResultColumn[]
  drawing: Drawing
  onChange: (changed: Drawing) => void
}

const KINDS = DISPLAYS.map(value => ({ value, label: DISPLAY_NAMES[value] }))

/** The rows drawn: which kind, what along, and which numbers. */
export function ResultChart({ answer, columns, drawing, onChange }: Props) {
  const display = drawing.display ?? DEFAULT_DISPLAY
  const { x, y } = drawing
  const names = [...new Set(columns.map(one => one.name))]
  const chart = useMemo(
    () => rowsChart(visualization(sqlQuery(''), { display, x, y }), answer),
    [answer, display, x, y],
  )
  const isNumber = display === 'BoldNumber'
  return (
    <Box p="sm" style={{ overflow: 'auto', flex: 1, minHeight: 0 }}>
      <Group gap="xs" mb="sm" align="flex-end">
        <Select
          label="Kind of chart"
          size="xs"
          w={150}
          data={KINDS}
          value={display}
          allowDeselect={false}
          onChange={value => onChange({ ...drawing, display: DISPLAYS.find(one => one === value) })}
        />
        {!isNumber && (
          <Select
            label="Along"
            size="xs"
            w={170}
            data={names}
            value={x && names.includes(x) ? x : null}
            placeholder="Chosen for you"
            clearable
            onChange={value => onChange({ ...drawing, x: value ?? undefined })}
          />
        )}
        <MultiSelect
          label={isNumber ? 'Number' : 'Values'}
          size="xs"
          miw={200}
          maw={420}
          maxValues={isNumber || display === 'ActionsPie' ? 1 : undefined}
          data={names}
          value={(y ?? []).filter(one => names.includes(one))}
          placeholder={y?.length ? undefined : 'Every number'}
          clearable
          onChange={value => onChange({ ...drawing, y: value.length > 0 ? value : undefined })}
        />
      </Group>
      {chart ? (
        <Chart {...chart} label="Result" height={320} />
      ) : (
        <EmptyState icon={IconChartDots} title="No numbers to draw">
          A chart needs a column of numbers, and mostly one to draw it along: a day, or a name.
        </EmptyState>
      )}
    </Box>
  )
}
