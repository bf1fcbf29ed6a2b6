import { Box, Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './PageHeader.module.css'

interface Props {
  title: string
  /** One line on what the page is for. */
  description?: ReactNode
  /** Buttons, at the right. */
  actions?: ReactNode
  /** Instead of the title as text: a name that can be edited, say. */
  heading?: ReactNode
}

export function PageHeader({ title, description, actions, heading }: Props) {
  useDocumentTitle(`${title} · Hoglet`)
  return (
    <header className={classes.header}>
      <Box className={classes.words}>
        {heading ?? <Title order={1}>{title}</Title>}
        {description && (
          <Text c="var(--hoglet-quiet)" size="md">
            {description}
          </Text>
        )}
      </Box>
      {actions && (
        <Group gap="xs" className={classes.actions}>
          {actions}
        </Group>
      )}
    </header>
  )
}
