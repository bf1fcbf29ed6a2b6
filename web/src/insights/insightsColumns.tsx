import { Anchor, Badge, Group, Text, UnstyledButton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Insight } from '@/api/insight'
import type { Column } from '@/components/DataTable'
import { TimeAgo } from '@/components/Time'
import { userName } from '@/components/userName'
import { kindIcon } from './kindIcon'
import { kindLabel, sourceOf } from './query/insightQuery'
import { InsightRowActions } from './saved/InsightRowActions'
import { titleOf } from './saved/useInsightDeeds'

interface Told {
  projectId: string
  mayEdit: boolean
  onAuthor: (id: number) => void
}

export function insightsColumns({ projectId, mayEdit, onAuthor }: Told): Column<Insight>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      sortable: true,
      cell: row => (
        <div>
          <Group gap={6}>
            <Anchor
              fw={500}
              size="sm"
              renderRoot={props => (
                <Link
                  to="/project/$projectId/insights/$shortId"
                  params={{ projectId, shortId: row.short_id }}
                  {...props}
                />
              )}
            >
              {titleOf(row)}
            </Anchor>
            {row.tags.map(tag => (
              <Badge key={tag} size="sm" variant="light" color="gray" tt="none" fw={500}>
                {tag}
              </Badge>
            ))}
          </Group>
          {row.description && (
            <Text size="xs" c="var(--hoglet-quiet)" lineClamp={1}>
              {row.description}
            </Text>
          )}
        </div>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      width: 130,
      cell: row => {
        const kind = sourceOf(row.query)?.kind
        const Shown = kindIcon(kind)
        return (
          <Group gap={6} wrap="nowrap">
            <Shown size={16} stroke={1.6} aria-hidden />
            {kind ? kindLabel(kind) : '–'}
          </Group>
        )
      },
    },
    {
      id: 'author',
      header: 'Made by',
      width: 180,
      cell: ({ created_by: author }) =>
        author ? (
          <UnstyledButton fz="sm" title="Only theirs" onClick={() => onAuthor(author.id)}>
            <Text span inherit truncate display="block" maw={170}>
              {userName(author)}
            </Text>
          </UnstyledButton>
        ) : (
          '–'
        ),
    },
    {
      id: 'last_modified_at',
      header: 'Changed',
      width: 130,
      sortable: true,
      cell: row => <TimeAgo value={row.last_modified_at} />,
    },
    ...(mayEdit
      ? [
          {
            id: 'actions',
            header: <span aria-hidden />,
            width: 90,
            align: 'right' as const,
            cell: (row: Insight) => <InsightRowActions insight={row} />,
          },
        ]
      : []),
  ]
}
