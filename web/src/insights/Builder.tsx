import { Card, Stack, Tabs } from '@mantine/core'
import { useState } from 'react'
import { useNotes } from '@/annotations/useNotes'
import { ActorsDrawer } from './actors/ActorsDrawer'
import type { ActorsQuestion } from './actors/questions'
import classes from './Builder.module.css'
import { CorrelationPanel } from './CorrelationPanel'
import { Editor } from './editor/Editor'
import { readied } from './query/askable'
import { INSIGHT_KINDS, type InsightKind, type InsightQuery, kindLabel } from './query/insightQuery'
import { changedKind } from './query/kinds'
import { ResultPanel } from './ResultPanel'
import { ResultTable } from './ResultTable'
import { funnelView } from './result/funnel'
import { isByCountry } from './result/map/countries'
import { displayOf, isOverTime } from './result/trendsChart'
import { Toolbar } from './Toolbar'
import { useInsightAnswer } from './useInsightAnswer'

interface Props {
  query: InsightQuery
  onChange: (query: InsightQuery) => void
  /** What the drawing shows, for screen readers. */
  label: string
  /** Of the kept insight. */
  insightId?: number
}

/** What is drawn as nothing but its numbers; a map without countries is. */
function isTableAlone(query: InsightQuery): boolean {
  const display = displayOf(query)
  return display === 'ActionsTable' || (display === 'WorldMap' && !isByCountry(query))
}

/** The form of the question, and its answer beside it. */
export function Builder({ query, onChange, label, insightId }: Props) {
  const { query: asked, missing } = readied(query)
  const answer = useInsightAnswer(missing ? null : asked)
  const [question, setQuestion] = useState<ActorsQuestion | null>(null)
  const isTimed = answer.shown !== null && isOverTime(answer.shown.query as InsightQuery)
  const { notes, dialog } = useNotes(
    { insightId },
    isTimed ? answer.shown?.result.resolved_date_range : undefined,
  )
  const change = (changed: Partial<InsightQuery>) => onChange({ ...query, ...changed })
  const hasCorrelations =
    query.kind === 'FunnelsQuery' && funnelView(query) === 'steps' && !query.breakdownFilter
  const isTable = query.kind === 'TrendsQuery' && isTableAlone(query)
  const table = answer.shown && !answer.error && (
    <ResultTable query={answer.shown.query} result={answer.shown.result} onActors={setQuestion} />
  )
  return (
    <>
      <Tabs
        value={query.kind}
        onChange={kind => kind && kind !== query.kind && onChange(changedKind(query, kind as InsightKind))}
        mb="md"
        keepMounted={false}
      >
        <Tabs.List aria-label="Kind of insight">
          {INSIGHT_KINDS.map(kind => (
            <Tabs.Tab key={kind} value={kind}>
              {kindLabel(kind)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className={classes.columns}>
        <Card className={classes.editor}>
          <Editor query={query} onChange={change} />
        </Card>
        <Stack gap="md" miw={0}>
          <ResultPanel
            answer={answer}
            label={label}
            missing={missing}
            toolbar={<Toolbar query={query} onChange={change} />}
            onActors={setQuestion}
            notes={isTimed ? notes : undefined}
            drawing={isTable ? table : undefined}
          />
          {!isTable && table}
          {table && hasCorrelations && <CorrelationPanel key={JSON.stringify(asked)} query={asked} />}
        </Stack>
      </div>
      {dialog}
      <ActorsDrawer question={question} onClose={() => setQuestion(null)} />
    </>
  )
}
