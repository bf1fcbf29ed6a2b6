import { Alert, Group, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type DeletedProject, deletedProjectsQuery } from '@/api/organization'
import { ErrorState } from '@/components/ErrorState'
import { TimeAgo } from '@/components/Time'
import { Section } from '../Section'
import { removalShare, removalWords } from './removal'

/** How far the data of deleted projects are removed; nothing where none was deleted. */
export function DeletedProjects({ organizationId }: { organizationId: string }) {
  const found = useQuery(deletedProjectsQuery(organizationId))
  if (found.error) return <ErrorState error={found.error} onRetry={() => found.refetch()} compact />
  const projects = found.data?.results ?? []
  if (projects.length === 0) return null
  return (
    <Section title="Deleted projects" description="Their data are removed in the background.">
      {projects.map(one => (
        <Removal key={one.id} project={one} />
      ))}
    </Section>
  )
}

function Removal({ project }: { project: DeletedProject }) {
  const { name, id, deleted_by, deleted_at, failure } = project
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <Text size="xs" c="var(--hoglet-quiet)">
            Number {id} · deleted by {deleted_by} <TimeAgo value={deleted_at} />
          </Text>
        </div>
        <Text size="sm" c="var(--hoglet-quiet)">
          {removalWords(project)}
        </Text>
      </Group>
      {project.state !== 'done' && (
        <Progress value={removalShare(project)} animated aria-label={`How much of ${name} is removed`} />
      )}
      {failure && project.state !== 'done' && (
        <Alert color="red" title="It does not go on">
          {failure}
        </Alert>
      )}
    </Stack>
  )
}
