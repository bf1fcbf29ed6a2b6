import { Button, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import { ApiError, errorText, errorTitle } from '@/api/errors'

interface Props {
  error: unknown
  onRetry?: () => void
  compact?: boolean
}

/** What happened, and another try where that may help. */
export function ErrorState({ error, onRetry, compact = false }: Props) {
  const title = errorTitle(error)
  const text = errorText(error)
  const isRefusal = error instanceof ApiError && !error.isPassing
  return (
    <Stack align="center" gap="xs" py={compact ? 'md' : 56} px="md" ta="center" role="alert">
      {!compact && (
        <ThemeIcon size={48} radius="xl" variant="light" color={isRefusal ? 'orange' : 'red'}>
          <IconAlertTriangle size={24} stroke={1.6} aria-hidden />
        </ThemeIcon>
      )}
      <Title order={2} size={compact ? 'h3' : 'h2'}>
        {title}
      </Title>
      {text !== title && (
        <Text c="var(--hoglet-quiet)" maw={560}>
          {text}
        </Text>
      )}
      {onRetry && (
        <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry} mt={4}>
          Try again
        </Button>
      )}
    </Stack>
  )
}
