import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import { CopyButton } from '@/components/CopyButton'

interface Props {
  title: string
  value: string
  children?: string
}

/** What is shown now and never again. */
export function ShownOnce({
  title,
  value,
  children = 'It is shown only now. Keep it somewhere safe.',
}: Props) {
  return (
    <Alert color="teal" title={title} role="status">
      <Stack gap="xs">
        <Text size="sm">{children}</Text>
        <Group gap="xs" wrap="nowrap">
          <Code style={{ flex: 1, overflowWrap: 'anywhere' }} p="xs">
            {value}
          </Code>
          <CopyButton value={value} label="Copy" />
        </Group>
      </Stack>
    </Alert>
  )
}
