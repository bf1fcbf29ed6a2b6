import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconMathXDivideY, IconTrendingDown, IconTrendingUp } from '@tabler/icons-react'
import { useState } from 'react'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { exact } from '@/components/format'
import { useQueryKind } from '@/components/useQueryKind'
import type { InsightQuery } from './query/insightQuery'
import type { InsightAnswer } from './result/answers'
import {
  type Correlation,
  type CorrelationOf,
  correlationQuery,
  correlationsOf,
  oddsWords,
} from './result/correlation'

type Told = InsightAnswer & { results: unknown }

const COLUMNS: Column<Correlation>[] = [
  { id: 'name', header: 'Who has it, or did it', cell: row => row.name },
  {
    id: 'odds',
    header: 'Is',
    width: 250,
    cell: row => (
      <Group gap={6} wrap="nowrap">
        {row.isSuccess ? (
          <IconTrendingUp size={16} color="var(--mantine-color-teal-6)" aria-hidden />
        ) : (
          <IconTrendingDown size={16} color="var(--mantine-color-red-6)" aria-hidden />
        )}
        {oddsWords(row)}
      </Group>
    ),
  },
  { id: 'converted', header: 'Converted', align: 'right', width: 100, cell: row => exact(row.converted) },
  { id: 'dropped', header: 'Dropped off', align: 'right', width: 100, cell: row => exact(row.dropped) },
]

/** What those who convert do or have more often than those who do not. Asked for when somebody wants to know. */
export function CorrelationPanel({ query }: { query: InsightQuery }) {
  const [of, setOf] = useState<CorrelationOf | null>(null)
  const found = useQueryKind<Told>(of && correlationQuery(query, of), {
    keepPrevious: false,
    refresh: 'async',
  })
  const told = found.data && correlationsOf(found.data)
  return (
    <section aria-label="What goes along with converting">
      <Group justify="space-between" mb="xs">
        <Text fw={600} size="sm">
          What goes along with converting
        </Text>
        {of ? (
          <SegmentedControl
            size="xs"
            aria-label="Looked at"
            value={of}
            onChange={value => setOf(value === 'properties' ? 'properties' : 'events')}
            data={[
              { value: 'events', label: 'Events' },
              { value: 'properties', label: 'Person properties' },
            ]}
          />
        ) : (
          <Button
            variant="default"
            leftSection={<IconMathXDivideY size={14} aria-hidden />}
            onClick={() => setOf('events')}
          >
            Find out
          </Button>
        )}
      </Group>
      {of && (
        <>
          {told?.isSkewed && (
            <Text size="xs" c="var(--hoglet-quiet)" mb="xs">
              Few convert, or nearly all: what is told here may be chance.
            </Text>
          )}
          <DataTable
            label="Correlations"
            columns={COLUMNS}
            rows={told?.found}
            rowKey={row => row.key}
            loading={found.isLoading}
            error={found.error}
            onRetry={found.retry}
            minWidth={620}
            empty={
              <EmptyState icon={IconMathXDivideY} title="Nothing stands out">
                Those who convert and those who do not are alike. Look at a longer time, or at other steps.
              </EmptyState>
            }
          />
        </>
      )}
    </section>
  )
}
