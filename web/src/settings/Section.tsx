import { Card, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  description?: ReactNode
  action?: ReactNode
  children?: ReactNode
}

/** One subject of the settings. */
export function Section({ title, description, action, children }: Props) {
  return (
    <Card component="section" aria-label={title}>
      <Group justify="space-between" align="flex-start" mb={children ? 'md' : 0}>
        <div style={{ flex: 1, minWidth: 200 }}>
          <Title order={2}>{title}</Title>
          {description && (
            <Text size="sm" c="var(--hoglet-quiet)" component="div">
              {description}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {children && <Stack gap="md">{children}</Stack>}
    </Card>
  )
}
