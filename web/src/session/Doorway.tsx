import { Card, Center, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Logo } from '@/shell/Logo'

interface Props {
  title: string
  description?: ReactNode
  children: ReactNode
}

/** The frame of the pages before one is inside. */
export function Doorway({ title, description, children }: Props) {
  useDocumentTitle(`${title} · Hoglet`)
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Center>
          <Logo />
        </Center>
        <Card padding="xl">
          <Stack>
            <div>
              <Title order={1}>{title}</Title>
              {description && <Text c="var(--hoglet-quiet)">{description}</Text>}
            </div>
            {children}
          </Stack>
        </Card>
      </Stack>
    </Center>
  )
}
