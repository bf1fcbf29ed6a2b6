import { Box, Table } from '@mantine/core'
import { useMemo } from 'react'
import type { AnyQuery } from '@/api/query'
import { Chart } from '@/components/chart/Chart'
import type { ResultProps } from '../InsightResult'
import { type InsightAnswer, itemsOf } from './answers'
import { NoData } from './NoData'
import { rowsChart, shownCell } from './rows'

interface Props extends ResultProps {
  query: AnyQuery | null
  result: InsightAnswer
}

const ROWS_MAX = 200

/** The answer of SQL, and of anything else that comes as rows: as its chart, or as a table. */
export default function RowsResult({ query, result, height, label }: Props) {
  const columns = result.columns ?? []
  const rows = itemsOf<unknown[]>(result)
  const chart = useMemo(() => rowsChart(query, result), [query, result])
  if (rows.length === 0) return <NoData height={height}>The query found no rows.</NoData>
  if (chart) return <Chart {...chart} label={label} height={height} />
  return (
    <Box mah={height} style={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label={label}>
      <Table aria-label={label} verticalSpacing={6} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {columns.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
              <Table.Th key={index}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, ROWS_MAX).map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name than their place
            <Table.Tr key={at}>
              {columns.map((_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                <Table.Td key={index}>{shownCell(row[index])}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rows.length > ROWS_MAX && (
        <Box p="xs" c="var(--hoglet-quiet)" fz="xs">
          The first {ROWS_MAX} of {rows.length} rows
        </Box>
      )}
    </Box>
  )
}
