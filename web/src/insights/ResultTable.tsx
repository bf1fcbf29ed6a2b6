import { Group, Text, UnstyledButton } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { AnyQuery } from '@/api/query'
import { type Column, DataTable, type Sort } from '@/components/DataTable'
import { ExportMenu } from '@/components/ExportMenu'
import type { ActorsQuestion } from './actors/questions'
import { sourceOf } from './query/insightQuery'
import classes from './ResultTable.module.css'
import type { InsightAnswer } from './result/answers'
import { sorted, type TableRow, tableOf } from './result/table'

interface Props {
  query: AnyQuery
  result: InsightAnswer
  onActors?: (question: ActorsQuestion) => void
}

const COLUMN_PX = 88
const FIRST_PX = 160

/** The numbers of the answer below its drawing, to be sorted and taken along. */
export function ResultTable({ query, result, onActors }: Props) {
  const [sort, setSort] = useState<Sort | undefined>()
  const source = sourceOf(query)
  const table = useMemo(() => (source ? tableOf(source, result) : null), [source, result])
  if (!source || !table || table.rows.length === 0) return null
  const rows = sort ? sorted(table, sort.id, sort.descending) : table.rows
  const columns: Column<TableRow>[] = table.columns.map((column, at) => ({
    id: String(at),
    header: <span style={{ whiteSpace: 'nowrap' }}>{column.title}</span>,
    cell: row => {
      const cell = row.cells[at]
      const who = cell?.who
      if (cell && who && onActors) {
        return (
          <UnstyledButton
            className={classes.number}
            onClick={() => onActors(who)}
            aria-label={`${cell.shown}: who is behind ${who.title}`}
          >
            {cell.shown}
          </UnstyledButton>
        )
      }
      return (
        <Text span inherit style={{ whiteSpace: at === 0 ? undefined : 'nowrap' }}>
          {cell?.shown ?? '–'}
        </Text>
      )
    },
    align: column.isNumber ? 'right' : undefined,
    width: at === 0 ? FIRST_PX : undefined,
    sortable: true,
  }))
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Text fw={600} size="sm">
          {table.title}
        </Text>
        <ExportMenu query={source} />
      </Group>
      <DataTable
        label={table.title}
        columns={columns}
        rows={rows}
        rowKey={row => row.key}
        sort={sort}
        onSort={setSort}
        minWidth={FIRST_PX + (columns.length - 1) * COLUMN_PX}
      />
    </div>
  )
}
