import { Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { PropertyName } from '@/components/EventName'
import { exact } from '@/components/format'

interface Props {
  property: string
  found: { values: { value: string; count: number }[]; total_count: number } | undefined
}

const HUNDRED = 100
// What the server answers for events without the property.
const NONE = '$$_posthog_breakdown_null_$$'

/** The values of one property among the exceptions. */
export function Breakdown({ property, found }: Props) {
  const total = Math.max(1, found?.total_count ?? 0)
  const values = found?.values ?? []
  return (
    <Card component="section" aria-label={property}>
      <Title order={3} size="h3" mb="sm">
        <PropertyName name={property} />
      </Title>
      {values.length === 0 && (
        <Text size="sm" c="var(--hoglet-quiet)">
          None of them has it
        </Text>
      )}
      <Stack gap={10}>
        {values.map(({ value, count }) => (
          <div key={value}>
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <Text size="sm" truncate title={value}>
                {value === NONE ? 'Without it' : value || 'Empty'}
              </Text>
              <Text size="sm" c="var(--hoglet-quiet)" className="tabular" style={{ whiteSpace: 'nowrap' }}>
                {exact(Math.round((count / total) * HUNDRED), 'percent')} · {exact(count)}
              </Text>
            </Group>
            <Progress value={(count / total) * HUNDRED} size={4} aria-hidden />
          </div>
        ))}
      </Stack>
    </Card>
  )
}
