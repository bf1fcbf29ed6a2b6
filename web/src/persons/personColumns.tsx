import { Group, Text } from '@mantine/core'
import type { Person } from '@/api/person'
import type { Column } from '@/components/DataTable'
import { PropertyName } from '@/components/EventName'
import { PersonLink } from '@/components/PersonLink'
import { PropertyCell } from '@/components/PropertyCell'
import { Time } from '@/components/Time'

/** A table's columns for persons: who they are, some properties, when they were first seen. */
export function personColumns(names: readonly string[]): Column<Person>[] {
  return [
    {
      id: 'person',
      header: 'Person',
      cell: person => <PersonLink person={person} distinctId={person.distinct_ids[0] ?? person.id} />,
    },
    { id: 'ids', header: 'Distinct ids', cell: person => <DistinctIds person={person} /> },
    ...names.map(name => ({
      id: `p:${name}`,
      header: <PropertyName name={name} />,
      sortable: true,
      cell: (person: Person) => <PropertyCell value={person.properties[name]} />,
    })),
    {
      id: 'created_at',
      header: 'First seen',
      width: 190,
      sortable: true,
      cell: person => (
        <Text span inherit style={{ whiteSpace: 'nowrap' }}>
          <Time value={person.created_at} precision="minute" />
        </Text>
      ),
    },
  ]
}

/** The first that is not the person's name already, and how many others there are. */
function DistinctIds({ person }: { person: Person }) {
  const [first, ...others] = person.distinct_ids.filter(one => one !== person.name)
  if (!first) return <PropertyCell value={null} />
  return (
    <Group gap={6} wrap="nowrap">
      <Text span inherit truncate maw={180} className="monospace" title={person.distinct_ids.join('\n')}>
        {first}
      </Text>
      {others.length > 0 && (
        <Text span inherit c="var(--hoglet-quiet)">
          +{others.length}
        </Text>
      )}
    </Group>
  )
}
