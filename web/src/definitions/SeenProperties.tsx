import { Badge, Button, Card, Group, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { propertyDefinitionsQuery } from '@/api/definition'
import { ErrorState } from '@/components/ErrorState'
import { PropertyName } from '@/components/EventName'
import { LoadingText } from '@/components/Loading'
import { useProjectId } from '@/components/useProject'
import { typeName } from './propertyTypes'

const SHOWN_FIRST = 40

/** The properties that the event was seen with. */
export function SeenProperties({ event }: { event: string }) {
  const projectId = useProjectId()
  const [isAll, setAll] = useState(false)
  const found = useQuery(
    propertyDefinitionsQuery(projectId, {
      type: 'event',
      event_names: [event],
      filter_by_event_names: true,
      limit: 500,
    }),
  )
  const all = found.data?.results ?? []
  const own = [...all].sort((a, b) => Number(a.name.startsWith('$')) - Number(b.name.startsWith('$')))
  const shown = isAll ? own : own.slice(0, SHOWN_FIRST)
  return (
    <Card component="section" aria-label="Properties seen with it">
      <Stack gap="sm">
        <Title order={2}>Properties seen with it</Title>
        {found.error && <ErrorState error={found.error} onRetry={() => found.refetch()} compact />}
        {found.isPending && <LoadingText />}
        {found.data && all.length === 0 && 'None yet'}
        <Group gap={6}>
          {shown.map(one => (
            <Badge
              key={one.id}
              variant="default"
              tt="none"
              fw={400}
              size="lg"
              title={`${one.name} · ${typeName(one.property_type)}`}
              style={{ cursor: 'pointer' }}
              renderRoot={props => (
                <Link
                  {...props}
                  to="/project/$projectId/definitions/properties/$definitionId"
                  params={{ projectId, definitionId: one.id } as never}
                />
              )}
            >
              <PropertyName name={one.name} />
            </Badge>
          ))}
          {own.length > shown.length && (
            <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
              {own.length - shown.length} more
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  )
}
