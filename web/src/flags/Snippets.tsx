import { Box, Card, Code, Group, SegmentedControl, Title } from '@mantine/core'
import { useState } from 'react'
import type { Flag } from '@/api/flag'
import { CopyButton } from '@/components/CopyButton'
import { snippetsOf } from './snippets'

/** Code that asks for the flag, to be copied. */
export function Snippets({ flag }: { flag: Flag }) {
  const snippets = snippetsOf(flag)
  const [chosen, choose] = useState<string>(snippets[0]?.id ?? 'js')
  const shown = snippets.find(one => one.id === chosen) ?? snippets[0]
  if (!shown) return null
  return (
    <Card>
      <Group justify="space-between" mb="sm">
        <Title order={2}>In your code</Title>
        <SegmentedControl
          size="xs"
          aria-label="Language"
          value={shown.id}
          onChange={choose}
          data={snippets.map(one => ({ value: one.id, label: one.label }))}
        />
      </Group>
      <Box pos="relative">
        <Code block tabIndex={0} aria-label={`${shown.label} snippet`}>
          {shown.code}
        </Code>
        <Box pos="absolute" top={6} right={6}>
          <CopyButton value={shown.code} what="Copy the code" />
        </Box>
      </Box>
    </Card>
  )
}
