import { Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Flag, makeCohort } from '@/api/flag'
import { keys } from '@/api/keys'
import { FilterPill } from '@/components/FilterPill'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { BlastRadius } from '../BlastRadius'
import { groupTypeOf } from '../draft'
import { OneId } from './OneId'

/** How many each condition set is about, and what somebody in particular gets. */
export function WhoTab({ flag }: { flag: Flag }) {
  const groups = flag.filters.groups ?? []
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Card>
        <Group justify="space-between" mb="sm">
          <Title order={2}>How many fit</Title>
          <CohortButton flag={flag} />
        </Group>
        <Stack gap="md">
          {groups.length === 0 && <Text c="var(--hoglet-quiet)">Nobody: there is no condition set.</Text>}
          {groups.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a set has no name but its place
            <div key={index}>
              <Group gap={6}>
                <Text size="sm" fw={500}>
                  Set {index + 1}
                </Text>
                {(one.properties ?? []).map((filter, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same filter may be there twice
                  <FilterPill key={at} filter={filter} />
                ))}
                {!one.properties?.length && <Text size="sm">no filters</Text>}
              </Group>
              <BlastRadius
                properties={one.properties ?? []}
                groupType={groupTypeOf(one, flag.filters)}
                rollout={one.rollout_percentage ?? 100}
              />
            </div>
          ))}
        </Stack>
      </Card>
      <OneId flag={flag} />
    </SimpleGrid>
  )
}

function CohortButton({ flag }: { flag: Flag }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const mayChange = useMay('member')
  const [busy, setBusy] = useState(false)
  if (!mayChange || !flag.active) return null
  const make = async () => {
    setBusy(true)
    try {
      const made = await makeCohort(projectId, flag.id)
      await client.invalidateQueries({ queryKey: keys.all(projectId, 'cohorts') })
      notifyDone(`Cohort “${made.name}” is made.`)
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button variant="default" onClick={make} loading={busy}>
      Save who gets it as a cohort
    </Button>
  )
}
