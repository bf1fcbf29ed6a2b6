import { Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { propertyValuesQuery } from '@/api/values'
import { ErrorState } from '@/components/ErrorState'
import { exact } from '@/components/format'
import { LoadingText } from '@/components/Loading'
import { useProjectId } from '@/components/useProject'

interface Props {
  property: string
  of: 'event' | 'person' | 'group'
  group?: number
}

/** What it has been, the most used first. */
export function PropertyValues({ property, of, group }: Props) {
  const found = useQuery(
    propertyValuesQuery(useProjectId(), {
      source: of,
      key: property,
      group_type_index: of === 'group' ? (group ?? 0) : undefined,
    }),
  )
  const most = Math.max(1, ...(found.data ?? []).map(one => one.count ?? 0))
  return (
    <Card component="section" aria-label="Values" h="100%">
      <Title order={2} mb="sm">
        {of === 'event' ? 'Values of the last 7 days' : 'Values'}
      </Title>
      {found.error && <ErrorState error={found.error} onRetry={() => found.refetch()} compact />}
      {found.isPending && <LoadingText lines={6} />}
      {found.data?.length === 0 && <Text c="var(--hoglet-quiet)">None lately</Text>}
      <Stack gap={10}>
        {found.data?.map(({ name, count }) => (
          <div key={String(name)}>
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <Text size="sm" truncate title={String(name)}>
                {name === '' ? 'empty' : String(name)}
              </Text>
              {count !== undefined && (
                <Text size="sm" c="var(--hoglet-quiet)" className="tabular">
                  {exact(count)}
                </Text>
              )}
            </Group>
            {count !== undefined && <Progress value={(count / most) * 100} size={4} aria-hidden />}
          </div>
        ))}
      </Stack>
    </Card>
  )
}
