import { Stack, Text } from '@mantine/core'

interface Props {
  name: string
  value: string
  hint?: string
  bad?: boolean
}

/** One number with its name. */
export function Figure({ name, value, hint, bad = false }: Props) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="var(--hoglet-quiet)">
        {name}
      </Text>
      <Text size="lg" fw={600} className="tabular" c={bad ? 'red' : undefined}>
        {value}
      </Text>
      {hint && (
        <Text size="xs" c="var(--hoglet-quiet)">
          {hint}
        </Text>
      )}
    </Stack>
  )
}
