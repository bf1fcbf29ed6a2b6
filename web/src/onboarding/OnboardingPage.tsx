import { SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { PageHeader } from '@/components/PageHeader'
import { useProject } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { CodeStep } from './CodeStep'
import { FirstEvent } from './FirstEvent'
import { onboardingRoute } from './routes'
import { SdkChoice } from './SdkChoice'
import { sdkOf } from './sdks'

/** From nothing to the first event: choose an SDK, copy, watch it arrive. */
export function OnboardingPage() {
  const project = useProject()
  const [state, change] = useUrlState(onboardingRoute)
  const sdk = sdkOf(state.sdk ?? 'web')
  return (
    <>
      <PageHeader
        title="Get started"
        description={`Send events to ${project.name} with any PostHog SDK. Token and address are filled in already.`}
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <Stack gap="lg" miw={0}>
          <SdkChoice value={sdk.id} onChange={id => change({ sdk: id === 'web' ? undefined : id })} />
          <Stack gap="md" component="section" aria-labelledby="sdk-steps">
            <div>
              <Title order={2} id="sdk-steps">
                {sdk.name}
              </Title>
              <Text c="var(--hoglet-quiet)">{sdk.told}</Text>
            </div>
            {sdk.steps(project.api_token, location.origin).map((step, index) => (
              <CodeStep key={`${sdk.id} ${step.title}`} number={index + 1} step={step} />
            ))}
          </Stack>
        </Stack>
        <FirstEvent />
      </SimpleGrid>
    </>
  )
}
