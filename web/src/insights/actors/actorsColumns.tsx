import { Text } from '@mantine/core'
import type { Column } from '@/components/DataTable'
import { exact } from '@/components/format'
import { PersonLink } from '@/components/PersonLink'
import type { Actor } from './actor'
import type { ActorsQuestion } from './questions'

export function actorsColumns(question: ActorsQuestion, isGroups: boolean): Column<Actor>[] {
  const columns: Column<Actor>[] = [
    {
      id: 'actor',
      header: isGroups ? 'Group' : 'Person',
      cell: row =>
        row.type === 'group' ? (
          <span title={row.id}>{String(row.properties.name ?? row.id)}</span>
        ) : (
          <PersonLink
            person={{ uuid: row.id, properties: row.properties }}
            distinctId={row.distinctIds[0] ?? row.id}
          />
        ),
    },
  ]
  if (!isGroups) {
    columns.push({
      id: 'ids',
      header: 'Distinct id',
      cell: row => (
        <Text
          span
          inherit
          className="monospace"
          truncate
          display="block"
          maw={180}
          title={row.distinctIds.join(', ')}
        >
          {row.distinctIds[0] ?? '–'}
        </Text>
      ),
    })
  }
  if (question.columns.includes('event_count')) {
    columns.push({
      id: 'events',
      header: 'Events',
      align: 'right',
      width: 80,
      cell: row => exact(row.eventCount),
    })
  }
  if (question.columns.includes('appearances')) {
    columns.push({
      id: 'appearances',
      header: 'Intervals',
      align: 'right',
      width: 90,
      cell: row => exact(row.appearances),
    })
  }
  return columns
}
