import { Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface Props {
  icon: Icon
  title: string
  /** What to do next, in a sentence. */
  children?: ReactNode
  /** The button that does it. */
  action?: ReactNode
}

export function EmptyState({ icon: Shown, title, children, action }: Props) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      <ThemeIcon size={48} radius="xl" variant="light" color="gray">
        <Shown size={24} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      {children && (
        <Text c="var(--hoglet-quiet)" maw={460}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  )
}
