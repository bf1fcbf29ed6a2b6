import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconLayoutDashboard, IconStarFilled } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type DashboardBasic, dashboardQuery, dashboardsQuery } from '@/api/dashboard'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { LoadingCards } from '@/components/Loading'
import { useProject, useProjectId } from '@/components/useProject'
import { found } from '@/dashboards/found'
import { Grid } from '@/dashboards/Grid'
import { InsightTile } from '@/dashboards/InsightTile'
import { TextTile } from '@/dashboards/TextTile'
import { overOf } from '@/dashboards/tileAnswer'
import classes from './QuickLinks.module.css'

const SHOWN = 6

/** The dashboard that the project has chosen for its home; without one, the dashboards there are. */
export function HomeDashboard() {
  const chosen = useProject().primary_dashboard
  return chosen === null ? <Dashboards /> : <Preview id={String(chosen)} />
}

function Preview({ id }: { id: string }) {
  const projectId = useProjectId()
  const { data: dashboard, error } = useQuery(dashboardQuery(projectId, id))
  // Deleted since it was chosen.
  if (error) return <Dashboards />
  if (!dashboard) return <LoadingCards count={4} height={300} />
  const over = overOf(dashboard.filters, dashboard.variables, {})
  return (
    <section aria-labelledby="home-dashboard">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="home-dashboard">
          {dashboard.name || 'Untitled dashboard'}
        </Title>
        <Anchor
          component={Link}
          to="/project/$projectId/dashboards/$dashboardId"
          params={{ projectId, dashboardId: id } as never}
          size="sm"
        >
          Open dashboard
        </Anchor>
      </Group>
      <Grid tiles={dashboard.tiles.slice(0, SHOWN)}>
        {(tile, height) =>
          tile.insight ? (
            <InsightTile
              tile={tile}
              insight={tile.insight}
              over={over}
              dashboardId={dashboard.id}
              height={height}
            />
          ) : (
            <TextTile tile={tile} />
          )
        }
      </Grid>
    </section>
  )
}

function Dashboards() {
  const projectId = useProjectId()
  const list = useQuery(dashboardsQuery(projectId))
  return (
    <section aria-labelledby="home-dashboards">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="home-dashboards">
          Dashboards
        </Title>
        <Anchor
          component={Link}
          to="/project/$projectId/dashboards"
          params={{ projectId } as never}
          size="sm"
        >
          All dashboards
        </Anchor>
      </Group>
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} compact />
      ) : !list.data ? (
        <LoadingCards count={3} height={80} />
      ) : list.data.results.length === 0 ? (
        <Card padding={0}>
          <EmptyState
            icon={IconLayoutDashboard}
            title="No dashboards yet"
            action={
              <Button
                component={Link}
                to="/project/$projectId/dashboards"
                params={{ projectId } as never}
                search={{ new: true } as never}
              >
                New dashboard
              </Button>
            }
          >
            Lay insights side by side, and see at a glance how things go.
          </EmptyState>
        </Card>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
          {found(list.data.results, {})
            .slice(0, SHOWN)
            .map(one => (
              <Entry key={one.id} dashboard={one} projectId={projectId} />
            ))}
        </SimpleGrid>
      )}
    </section>
  )
}

function Entry({ dashboard, projectId }: { dashboard: DashboardBasic; projectId: string }) {
  return (
    <Link
      to="/project/$projectId/dashboards/$dashboardId"
      params={{ projectId, dashboardId: String(dashboard.id) }}
      className={classes.link}
    >
      <Stack gap={2}>
        <Group gap={6} wrap="nowrap">
          <Text fw={600} truncate>
            {dashboard.name || 'Untitled dashboard'}
          </Text>
          {dashboard.pinned && (
            <IconStarFilled
              size={12}
              color="var(--mantine-color-yellow-6)"
              role="img"
              aria-label="Pinned"
              style={{ flexShrink: 0 }}
            />
          )}
        </Group>
        <Text size="sm" c="var(--hoglet-quiet)" lineClamp={1}>
          {dashboard.description || 'No description'}
        </Text>
      </Stack>
    </Link>
  )
}
