import { Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { IconChartHistogram } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { insightsQuery } from '@/api/insight'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { LoadingText } from '@/components/Loading'
import { TimeAgo } from '@/components/Time'
import { useProjectId } from '@/components/useProject'
import { tileName } from '@/dashboards/tileAnswer'
import classes from './RecentInsights.module.css'

const SHOWN = 6

/** Insights that somebody changed lately. */
export function RecentInsights() {
  const projectId = useProjectId()
  const { data, error, refetch } = useQuery(
    insightsQuery(projectId, { saved: true, order: '-last_modified_at', limit: SHOWN }),
  )
  return (
    <section aria-labelledby="recent-insights">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="recent-insights">
          Recent insights
        </Title>
        <Anchor component={Link} to="/project/$projectId/insights" params={{ projectId } as never} size="sm">
          All insights
        </Anchor>
      </Group>
      <Card padding={0}>
        {error && !data ? (
          <ErrorState error={error} onRetry={() => void refetch()} compact />
        ) : !data ? (
          <Stack p="md">
            <LoadingText lines={4} />
          </Stack>
        ) : data.results.length === 0 ? (
          <EmptyState
            icon={IconChartHistogram}
            title="No insights yet"
            action={
              <Button component={Link} to="/project/$projectId/insights/new" params={{ projectId } as never}>
                New insight
              </Button>
            }
          >
            Ask your first question: how many people do something, day by day?
          </EmptyState>
        ) : (
          <ul className={classes.list}>
            {data.results.map(one => (
              <li key={one.id}>
                <Link
                  to="/project/$projectId/insights/$shortId"
                  params={{ projectId, shortId: one.short_id }}
                  className={classes.entry}
                >
                  <IconChartHistogram size={16} stroke={1.6} aria-hidden style={{ flexShrink: 0 }} />
                  <Text span truncate fw={500} flex={1}>
                    {tileName(one)}
                  </Text>
                  <Text span size="xs" c="var(--hoglet-quiet)" style={{ flexShrink: 0 }}>
                    <TimeAgo value={one.last_modified_at} />
                  </Text>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </section>
  )
}
