import { Button, SimpleGrid, Stack } from '@mantine/core'
import { IconChartHistogram } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { PageHeader } from '@/components/PageHeader'
import { useProject, useProjectId } from '@/components/useProject'
import { useSession } from '@/session/session'
import { EventsNow } from './EventsNow'
import { FirstSteps } from './FirstSteps'
import { HealthCard } from './HealthCard'
import { HomeDashboard } from './HomeDashboard'
import { QuickLinks } from './QuickLinks'
import { RecentInsights } from './RecentInsights'

/** Where one begins: how things are, and the way to what one looks at often. */
export function HomePage() {
  const projectId = useProjectId()
  const project = useProject()
  const user = useSession()
  return (
    <>
      <PageHeader
        title="Home"
        heading={user.first_name ? <h1 style={TITLE}>Welcome, {user.first_name}</h1> : undefined}
        description={`${project.name}: how things are, and what you look at`}
        actions={
          <Button
            component={Link}
            to="/project/$projectId/insights/new"
            params={{ projectId } as never}
            leftSection={<IconChartHistogram size={14} aria-hidden />}
          >
            New insight
          </Button>
        }
      />
      <Stack gap="lg">
        {!project.ingested_event && <FirstSteps />}
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <EventsNow />
          <HealthCard />
        </SimpleGrid>
        <QuickLinks />
        <HomeDashboard />
        <RecentInsights />
      </Stack>
    </>
  )
}

const TITLE = { margin: 0, fontSize: '1.25rem', lineHeight: 1.4, fontWeight: 600 }
