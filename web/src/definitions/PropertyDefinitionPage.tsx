import { Grid, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { changePropertyDefinition, propertyDefinitionQuery } from '@/api/definition'
import { keys } from '@/api/keys'
import { ErrorState } from '@/components/ErrorState'
import { knownProperty } from '@/components/eventNames'
import { LoadingCards, LoadingText } from '@/components/Loading'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { Back } from './Back'
import { DefinitionForm } from './DefinitionForm'
import { PropertyCarriers } from './PropertyCarriers'
import { PropertyValues } from './PropertyValues'
import { propertyDefinitionRoute } from './routes'

const OF = {
  event: 'Property of events',
  person: 'Property of persons',
  group: 'Property of groups',
} as const

export function PropertyDefinitionPage() {
  const { definitionId } = propertyDefinitionRoute.useParams()
  const [state] = useUrlState(propertyDefinitionRoute)
  const of: keyof typeof OF = state.of ?? 'event'
  const { group } = state
  const projectId = useProjectId()
  const client = useQueryClient()
  const found = useQuery(propertyDefinitionQuery(projectId, definitionId))
  if (found.error) return <ErrorState error={found.error} onRetry={() => found.refetch()} />
  if (!found.data) {
    return (
      <Stack>
        <LoadingText lines={2} />
        <LoadingCards count={3} height={220} />
      </Stack>
    )
  }
  const property = found.data
  return (
    <>
      <Back tab="properties">Definitions of properties</Back>
      <PageHeader
        title={knownProperty(property.name) ?? property.name}
        description={
          <>
            {OF[of]} ·{' '}
            <Text span className="monospace">
              {property.name}
            </Text>
          </>
        }
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <DefinitionForm
            key={property.id}
            definition={property}
            onSave={async changed => {
              const saved = await changePropertyDefinition(projectId, property.id, changed)
              client.setQueryData(keys.one(projectId, 'property_definitions', property.id), saved)
              await client.invalidateQueries({ queryKey: keys.all(projectId, 'property_definitions') })
            }}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <PropertyValues property={property.name} of={of} group={group} />
        </Grid.Col>
        {of === 'event' && (
          <Grid.Col span={12}>
            <PropertyCarriers property={property.name} />
          </Grid.Col>
        )}
      </Grid>
    </>
  )
}
