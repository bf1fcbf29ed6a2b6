import { Chip, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { groupTypeName, groupTypesQuery } from '@/api/group'
import type { FilterSource } from '@/api/propertyFilter'
import { useProjectId } from './useProject'

export interface SourceTab {
  source: FilterSource
  groupTypeIndex?: number
}

interface Props {
  sources: readonly FilterSource[]
  value: SourceTab
  onChange: (tab: SourceTab) => void
  /** Only this type of groups. */
  groupTypeIndex?: number
}

const NAMES: Readonly<Record<FilterSource, string>> = {
  event: 'Event',
  person: 'Person',
  group: 'Group',
  session: 'Session',
  element: 'Element',
  cohort: 'Cohort',
  hogql: 'HogQL',
  event_metadata: 'Columns',
  flag: 'Flag',
}

/** Where a property comes from; each type of group is one of its own. */
export function SourceTabs({ sources, value, onChange, groupTypeIndex }: Props) {
  const projectId = useProjectId()
  const types = useQuery({ ...groupTypesQuery(projectId), enabled: sources.includes('group') })
  const groups = (types.data ?? []).filter(
    one => groupTypeIndex === undefined || one.group_type_index === groupTypeIndex,
  )
  const tabs = sources.flatMap(source =>
    source === 'group'
      ? groups.map(type => ({
          id: `group:${type.group_type_index}`,
          label: capital(groupTypeName(type)),
          tab: { source, groupTypeIndex: type.group_type_index },
        }))
      : [{ id: source as string, label: NAMES[source], tab: { source } as SourceTab }],
  )
  if (tabs.length < 2) return null
  const chosen = value.source === 'group' ? `group:${value.groupTypeIndex}` : value.source
  return (
    <Chip.Group
      value={chosen}
      onChange={id => {
        const found = tabs.find(one => one.id === id)
        if (found) onChange(found.tab)
      }}
    >
      <Group gap={4} role="radiogroup" aria-label="Kind of property">
        {tabs.map(one => (
          <Chip key={one.id} value={one.id} size="xs" variant="light">
            {one.label}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
