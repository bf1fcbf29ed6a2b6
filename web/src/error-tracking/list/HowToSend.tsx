import { Anchor, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '@/components/useProject'
import { CodeStep } from '@/onboarding/CodeStep'
import { SENDERS } from './senders'

/** For who sends no exceptions yet: how an SDK does it. */
export function HowToSend() {
  const project = useProject()
  const [chosen, setChosen] = useState<string>(SENDERS[0].id)
  const sender = SENDERS.find(one => one.id === chosen) ?? SENDERS[0]
  return (
    <Stack p="lg" gap="md" maw={820}>
      <div>
        <Title order={2}>No exceptions yet</Title>
        <Text c="var(--hoglet-quiet)">
          PostHog’s SDKs send them; what is the same error becomes one issue here, seconds after it was sent.
        </Text>
      </div>
      <SegmentedControl
        size="xs"
        aria-label="SDK"
        value={sender.id}
        onChange={setChosen}
        data={SENDERS.map(one => ({ value: one.id, label: one.name }))}
        style={{ alignSelf: 'flex-start', maxWidth: '100%', overflowX: 'auto' }}
      />
      {sender.steps(project.api_token, window.location.origin).map((step, at) => (
        <CodeStep key={step.title} number={at + 1} step={step} />
      ))}
      <Text size="sm" c="var(--hoglet-quiet)">
        More of each SDK is in{' '}
        <Anchor href={sender.docs} target="_blank" rel="noreferrer" inherit underline="always">
          its documentation
        </Anchor>
        . Minified code is shown by its source once{' '}
        <Anchor
          component={Link}
          inherit
          underline="always"
          to="/project/$projectId/error-tracking/symbol-sets"
          params={{ projectId: String(project.id) } as never}
          search={{ help: true } as never}
        >
          source maps are uploaded
        </Anchor>
        .
      </Text>
    </Stack>
  )
}
