import { Anchor, Modal, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'
import { CodeStep } from '@/onboarding/CodeStep'
import { uploadSteps } from './upload'

interface Props {
  opened: boolean
  onClose: () => void
}

/** How a build uploads its source maps. */
export function HowToUpload({ opened, onClose }: Props) {
  const projectId = useProjectId()
  return (
    <Modal opened={opened} onClose={onClose} title="How to upload source maps" size="lg">
      <Stack gap="md">
        {uploadSteps(window.location.origin, projectId).map((step, at) => (
          <CodeStep key={step.title} number={at + 1} step={step} />
        ))}
        <Text size="sm" c="var(--hoglet-quiet)">
          A key is made under{' '}
          <Anchor
            component={Link}
            inherit
            underline="always"
            to="/project/$projectId/settings/api-keys"
            params={{ projectId } as never}
          >
            Personal API keys
          </Anchor>
          . Frames of events that came before are resolved once their map is there. Build tools with a plugin
          of PostHog’s (Vite, webpack, Next.js, Metro, Gradle, Xcode) call the same program.
        </Text>
      </Stack>
    </Modal>
  )
}
