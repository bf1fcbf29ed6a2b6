import { Anchor, Card, Group, Stack, Text } from '@mantine/core'
import { IconTerminal2 } from '@tabler/icons-react'
import { Link, useRouter } from '@tanstack/react-router'
import type { Insight } from '@/api/insight'
import { ExportMenu } from '@/components/ExportMenu'
import { useProjectId } from '@/components/useProject'
import { sourceOf } from './query/insightQuery'
import { ResultPanel } from './ResultPanel'
import { titleOf } from './saved/useInsightDeeds'
import { useInsightAnswer } from './useInsightAnswer'

/** An insight out of SQL, or of a kind that has no form here: shown, and changed in the SQL editor. */
export function RowsInsight({ insight }: { insight: Insight }) {
  const projectId = useProjectId()
  const router = useRouter()
  const answer = useInsightAnswer(insight.query)
  const source = sourceOf(insight.query)
  const sql = source?.kind === 'HogQLQuery' && typeof source.query === 'string' ? source.query : null
  const hasEditor = sql !== null && '/project/$projectId/sql' in router.routesByPath
  return (
    <Stack gap="md">
      <ResultPanel
        answer={answer}
        label={titleOf(insight)}
        missing={insight.query ? null : 'This insight has no question.'}
      />
      {sql !== null && (
        <Card>
          <Group justify="space-between" mb="xs">
            <Text fw={600} size="sm">
              SQL
            </Text>
            <Group gap="xs">
              {hasEditor && (
                <Anchor
                  size="sm"
                  renderRoot={props => (
                    <Link
                      to="/project/$projectId/sql"
                      params={{ projectId }}
                      search={{ insight: insight.short_id }}
                      {...props}
                    />
                  )}
                >
                  <IconTerminal2 size={14} aria-hidden style={{ verticalAlign: -2 }} /> Edit in the SQL editor
                </Anchor>
              )}
              {source && <ExportMenu query={source} />}
            </Group>
          </Group>
          <pre className="monospace" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>
            {sql}
          </pre>
        </Card>
      )}
    </Stack>
  )
}
