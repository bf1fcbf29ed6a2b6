import { Card, Group, SegmentedControl, Text } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { ExportMenu } from '@/components/ExportMenu'
import { columnsOf } from '../rows'
import type { SqlRun } from '../useSqlRun'
import type { Drawing } from '../visualization'
import { CellModal, type OpenCell } from './CellModal'
import { ResultChart } from './ResultChart'
import classes from './ResultPanel.module.css'
import { ResultTable } from './ResultTable'
import { RunProgress } from './RunProgress'
import { SqlText } from './SqlText'
import { summaryOf } from './summary'

export type ResultView = 'table' | 'chart' | 'sql'

interface Props {
  run: SqlRun
  view: ResultView
  onView: (view: ResultView) => void
  drawing: Drawing
  onDrawing: (drawing: Drawing) => void
}

const VIEWS = [
  { value: 'table', label: 'Table' },
  { value: 'chart', label: 'Chart' },
  { value: 'sql', label: 'SQL' },
]

export function ResultPanel({ run, view, onView, drawing, onDrawing }: Props) {
  const { answer, error, isRunning } = run
  const [cell, setCell] = useState<OpenCell | null>(null)
  const columns = useMemo(
    () => (answer ? columnsOf(answer.columns, answer.types, answer.results) : []),
    [answer],
  )
  const shown = !error && answer
  return (
    <Card padding={0} className={classes.panel} aria-busy={isRunning} component="section" aria-label="Result">
      <Group gap="xs" px="sm" py={6} className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="Result as"
          data={VIEWS}
          value={view}
          onChange={value => onView(value as ResultView)}
        />
        <Text size="xs" c="var(--hoglet-quiet)" flex={1} role="status">
          {run.wasCancelled && shown
            ? 'Stopped; these are the rows of the run before'
            : shown
              ? summaryOf(answer, run.took_ms)
              : ''}
        </Text>
        {shown && run.asked && <ExportMenu query={run.asked} disabled={answer.results.length === 0} />}
      </Group>
      {isRunning && <RunProgress run={run} />}
      <div className={classes.content} data-old={(isRunning && Boolean(shown)) || undefined}>
        {content()}
      </div>
      <CellModal cell={cell} onClose={() => setCell(null)} />
    </Card>
  )

  function content() {
    if (error) return <ErrorState error={error} compact />
    if (!answer) {
      if (isRunning) return null
      return (
        <EmptyState
          icon={IconTerminal2}
          title={run.wasCancelled ? 'The query was stopped' : 'Nothing was run yet'}
        >
          Write a query above and run it with ⌘ Enter or Ctrl Enter. Click a table at the side to see its
          columns.
        </EmptyState>
      )
    }
    if (view === 'sql') return <SqlText answer={answer} />
    if (answer.results.length === 0) {
      return (
        <EmptyState icon={IconTerminal2} title="No rows">
          The query ran, and nothing fits its conditions.
        </EmptyState>
      )
    }
    if (view === 'chart') {
      return <ResultChart answer={answer} columns={columns} drawing={drawing} onChange={onDrawing} />
    }
    return (
      <ResultTable
        label="Result rows"
        columns={columns}
        rows={answer.results}
        onOpen={(column, value) => setCell({ column, value })}
      />
    )
  }
}
