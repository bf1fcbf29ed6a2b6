import { Stack, Text } from '@mantine/core'
import { ErrorState } from '@/components/ErrorState'
import { adviceFor } from './advice'

/** What went wrong, and what to do about it. */
export function ResultError({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const advice = adviceFor(error)
  return (
    <Stack gap={0} align="center">
      <ErrorState error={error} onRetry={onRetry} />
      {advice && (
        <Text size="sm" ta="center" maw={460} c="var(--hoglet-quiet)" mt={-32}>
          {advice}
        </Text>
      )}
    </Stack>
  )
}
