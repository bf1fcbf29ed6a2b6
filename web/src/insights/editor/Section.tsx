import { Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  /** At the right of the title. */
  aside?: ReactNode
  children: ReactNode
}

/** A part of the question, under its name. */
export function Section({ title, aside, children }: Props) {
  return (
    <Stack gap="xs" role="group" aria-label={title}>
      <Group justify="space-between" mih={24}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {aside}
      </Group>
      {children}
    </Stack>
  )
}
