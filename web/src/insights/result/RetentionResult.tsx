import { Box, Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { Chart } from '@/components/chart/Chart'
import type { ResultProps } from '../InsightResult'
import type { InsightQuery } from '../query/insightQuery'
import { type InsightAnswer, itemsOf, type RetentionRow } from './answers'
import { NoData } from './NoData'
import { breakdownName } from './names'
import { RetentionMatrix } from './RetentionMatrix'
import { groupsOf, meanRow } from './retention'

interface Props extends ResultProps {
  query: InsightQuery
  result: InsightAnswer
}

const CURVE_PX = 200

export default function RetentionResult({ query, result, size, height, label, onActors }: Props) {
  const groups = useMemo(() => groupsOf(itemsOf<RetentionRow>(result)), [result])
  const curves = useMemo(
    () =>
      groups.slice(0, 10).map((group, index) => ({
        id: String(index),
        name: group.name === null ? 'All who began' : breakdownName(group.name),
        data: meanRow(group.rows.map(one => one.row)).map(cell => cell.rate),
      })),
    [groups],
  )
  const x = useMemo(() => groups[0]?.rows[0]?.row.values.map(one => one.label) ?? [], [groups])
  const nobody = groups.every(group => group.rows.every(({ row }) => !row.values[0]?.count))
  if (nobody) return <NoData height={height}>Nobody began in this time.</NoData>
  const matrices = groups.map(group => (
    <Box key={group.name ?? ''}>
      {group.name !== null && (
        <Text size="sm" fw={600} mb={4}>
          {breakdownName(group.name)}
        </Text>
      )}
      <RetentionMatrix group={group} query={query} size={size} label={label} onActors={onActors} />
    </Box>
  ))
  if (size === 'tile') {
    return (
      <Box mah={height} style={{ overflow: 'auto' }} tabIndex={0} role="region" aria-label={label}>
        {matrices[0]}
      </Box>
    )
  }
  return (
    <Stack gap="lg">
      <Chart
        label={`${label}, as a curve`}
        kind="line"
        x={x}
        series={curves}
        format="percent"
        height={CURVE_PX}
      />
      {matrices}
    </Stack>
  )
}
