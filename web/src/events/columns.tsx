import { Text } from '@mantine/core'
import type { Column } from '@/components/DataTable'
import { EventName, PropertyName } from '@/components/EventName'
import { propertyOf } from '@/components/hogql'
import { PersonLink } from '@/components/PersonLink'
import { Time } from '@/components/Time'
import { type EventRow, URL_OR_SCREEN } from './eventsQuery'

const TITLES: Readonly<Record<string, string>> = {
  event: 'Event',
  person: 'Person',
  timestamp: 'Time',
  distinct_id: 'Distinct id',
  [URL_OR_SCREEN]: 'URL / screen',
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

export function columnTitle(expression: string): string {
  return TITLES[expression] ?? propertyOf(expression)?.key ?? expression
}

/** The table's columns for the expressions that were asked for. */
export function columnsOf(expressions: readonly string[]): Column<EventRow>[] {
  return expressions.map((expression, index) => {
    const property = propertyOf(expression)
    return {
      id: expression,
      header: TITLES[expression] ?? (property ? <PropertyName name={property.key} /> : expression),
      sortable: expression === 'timestamp',
      width: expression === 'timestamp' ? 190 : undefined,
      cell: row => <Cell expression={expression} value={row.cells[index]} row={row} />,
    }
  })
}

function Cell({ expression, value, row }: { expression: string; value: unknown; row: EventRow }) {
  if (expression === 'event') return <EventName name={String(value)} />
  if (expression === 'timestamp') return <Time value={String(value)} />
  if (expression === 'person') return <PersonLink person={value} distinctId={row.distinct_id} />
  if (value === null || value === undefined || value === '') {
    return (
      <Text span inherit c="var(--hoglet-quiet)">
        –
      </Text>
    )
  }
  if (typeof value === 'string' && TIME.test(value)) return <Time value={value} />
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return (
    <Text span inherit truncate display="block" maw={360} title={shown}>
      {shown}
    </Text>
  )
}
