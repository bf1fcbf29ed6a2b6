import { Button, Card, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconRocket } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'

/** For a project that nothing was sent to yet. */
export function FirstSteps() {
  const projectId = useProjectId()
  return (
    <Card component="section" aria-labelledby="first-steps" padding="lg">
      <Group justify="space-between" gap="md">
        <Group gap="md" wrap="nowrap" align="flex-start">
          <ThemeIcon size={40} radius="xl" variant="light">
            <IconRocket size={20} stroke={1.6} aria-hidden />
          </ThemeIcon>
          <Stack gap={2}>
            <Title order={2} id="first-steps">
              Send your first event
            </Title>
            <Text c="var(--hoglet-quiet)">
              Choose an SDK, copy a few lines that hold your token already, and watch the event arrive.
            </Text>
          </Stack>
        </Group>
        <Button component={Link} to="/project/$projectId/onboarding" params={{ projectId } as never}>
          Get started
        </Button>
      </Group>
    </Card>
  )
}
