import { Checkbox, Group, Loader, ScrollArea, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { errorText } from '@/api/errors'
import type { Person } from '@/api/person'
import { personName } from '@/components/person'
import { SearchInput } from '@/components/SearchInput'
import { useProject } from '@/components/useProject'
import { usePersons } from './usePersons'

interface Props {
  chosen: Person[]
  onChange: (persons: Person[]) => void
  /** The id of somebody who cannot be chosen. */
  without?: string
}

const SHOWN_MAX = 20

/** Finds persons by name, address or distinct id, and has some of them chosen. */
export function PersonSearch({ chosen, onChange, without }: Props) {
  const by = useProject().person_display_name_properties
  const [search, setSearch] = useState<string>()
  const found = usePersons({ search }, { limit: SHOWN_MAX })
  const ids = new Set(chosen.map(one => one.id))
  const others = (found.rows ?? []).filter(one => one.id !== without && !ids.has(one.id)).slice(0, SHOWN_MAX)
  const toggle = (person: Person) =>
    onChange(ids.has(person.id) ? chosen.filter(one => one.id !== person.id) : [...chosen, person])
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap">
        <SearchInput
          label="Search persons"
          placeholder="Name, email or distinct id"
          value={search}
          onChange={setSearch}
          size="sm"
          flex={1}
        />
        {found.isFetching && <Loader size={16} />}
      </Group>
      <ScrollArea.Autosize mah={280} type="auto">
        <Stack gap={8} p={2}>
          {[...chosen, ...others].map(person => {
            const distinctId = person.distinct_ids[0] ?? person.id
            const name = personName(person, distinctId, by)
            return (
              <Checkbox
                key={person.id}
                checked={ids.has(person.id)}
                onChange={() => toggle(person)}
                label={name}
                description={name === distinctId ? undefined : distinctId}
                styles={{ body: { minWidth: 0 }, labelWrapper: { minWidth: 0, overflowWrap: 'anywhere' } }}
              />
            )
          })}
          {found.rows && others.length === 0 && chosen.length === 0 && (
            <Text c="var(--hoglet-quiet)">{search ? 'Nobody matches' : 'There is nobody else'}</Text>
          )}
          {found.error && <Text c="red">{errorText(found.error)}</Text>}
        </Stack>
      </ScrollArea.Autosize>
    </Stack>
  )
}
