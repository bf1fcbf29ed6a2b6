import { Anchor, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { EventDefinition, PropertyDefinition } from '@/api/definition'
import { EventName, PropertyName } from '@/components/EventName'
import { useProjectId } from '@/components/useProject'
import { DefinitionMarks } from './DefinitionMarks'

/** The name, leading to all that is known of it. */
export function EventDefinitionLink({ definition }: { definition: EventDefinition }) {
  const projectId = useProjectId()
  return (
    <Group gap={6} wrap="nowrap">
      <Anchor
        component={Link}
        inherit
        to="/project/$projectId/definitions/events/$definitionId"
        params={{ projectId, definitionId: definition.id } as never}
      >
        <EventName name={definition.name} />
      </Anchor>
      <DefinitionMarks {...definition} />
    </Group>
  )
}

interface PropertyProps {
  definition: PropertyDefinition
  of: 'event' | 'person' | 'group'
  group?: number
}

export function PropertyDefinitionLink({ definition, of, group }: PropertyProps) {
  const projectId = useProjectId()
  const search = { of: of === 'event' ? undefined : of, group: of === 'group' ? group : undefined }
  return (
    <Group gap={6} wrap="nowrap">
      <Anchor
        component={Link}
        inherit
        to="/project/$projectId/definitions/properties/$definitionId"
        params={{ projectId, definitionId: definition.id } as never}
        search={search as never}
      >
        <PropertyName name={definition.name} />
      </Anchor>
      <DefinitionMarks {...definition} />
    </Group>
  )
}
