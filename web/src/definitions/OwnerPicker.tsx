import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { groupTypeNames, groupTypesQuery } from '@/api/group'
import { useProjectId } from '@/components/useProject'
import type { ListState } from './listState'

type Owner = Required<Pick<ListState, 'of'>> & Pick<ListState, 'group'>

interface Props {
  value: Owner
  onChange: (owner: Partial<Owner>) => void
}

/** Whose properties: of events, of persons, or of one type of group. */
export function OwnerPicker({ value, onChange }: Props) {
  const types = useQuery(groupTypesQuery(useProjectId())).data ?? []
  const data = [
    { value: 'event', label: 'Events' },
    { value: 'person', label: 'Persons' },
    ...types.map(type => ({ value: `group:${type.group_type_index}`, label: capital(groupTypeNames(type)) })),
  ]
  const chosen = value.of === 'group' ? `group:${value.group ?? 0}` : value.of
  return (
    <SegmentedControl
      size="xs"
      aria-label="Properties of"
      data={data}
      value={chosen}
      onChange={id => {
        const [of, group] = id.split(':')
        if (of === 'group') onChange({ of, group: Number(group) })
        else onChange({ of: of === 'person' ? 'person' : undefined, group: undefined })
      }}
    />
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
