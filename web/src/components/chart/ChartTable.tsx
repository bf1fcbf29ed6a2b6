import { Table } from '@mantine/core'
import { exact } from '../format'
import { type ChartData, pointLabel, total } from './series'

/** The chart's numbers: as the view "Table", and for who cannot see the drawing. */
export function ChartTable({ chart, label }: { chart: ChartData; label: string }) {
  const isTimes = chart.interval !== undefined
  return (
    <Table.ScrollContainer minWidth={0} type="native" tabIndex={0} role="region" aria-label={label}>
      <Table aria-label={label} verticalSpacing={6} style={{ whiteSpace: 'nowrap' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Series</Table.Th>
            {isTimes && chart.x.length > 1 && <Table.Th ta="right">Total</Table.Th>}
            {chart.x.map(one => (
              <Table.Th key={one} ta="right">
                {pointLabel(one, chart.interval)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {chart.series.map(one => (
            <Table.Tr key={one.id}>
              <Table.Th scope="row" fw={500}>
                {one.name}
              </Table.Th>
              {isTimes && chart.x.length > 1 && (
                <Table.Td ta="right">{exact(total(one), chart.format, chart.unit)}</Table.Td>
              )}
              {one.data.map((value, index) => (
                <Table.Td key={chart.x[index] ?? index} ta="right">
                  {exact(value, chart.format, chart.unit)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
