import { Anchor, Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconLinkOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { ApiError } from '@/api/errors'
import { type Shared, sharedQuery } from '@/api/sharing'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageLoading } from '@/components/PageLoading'
import { Grid, roomIn } from '@/dashboards/Grid'
import { TextTile } from '@/dashboards/TextTile'
import { tileName } from '@/dashboards/tileAnswer'
import { SharedInsight } from './SharedInsight'
import classes from './SharedView.module.css'

interface Props {
  token: string
  /** Within a frame of another page: without anything around it. */
  isEmbedded?: boolean
}

const INSIGHT_ROWS = 8

/** A dashboard or insight, for who has the link. Nothing here knows of an account or a project. */
export function SharedView({ token, isEmbedded = false }: Props) {
  const { data, error, refetch } = useQuery(sharedQuery(token))
  const name = data ? nameOf(data) : 'Shared'
  useDocumentTitle(`${name} · Hoglet`)
  if (error) {
    return (
      <main className={classes.page}>
        {error instanceof ApiError && error.isGone ? (
          <EmptyState icon={IconLinkOff} title="This link opens nothing">
            It was taken back, or is not written fully. Ask whoever sent it to you for a new one.
          </EmptyState>
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )}
      </main>
    )
  }
  return (
    <main className={classes.page} data-embedded={isEmbedded || undefined}>
      {!data ? (
        <PageLoading />
      ) : (
        <>
          {!data.noHeader && (
            <header className={classes.header}>
              <Title order={1}>{name}</Title>
              {descriptionOf(data) && <Text c="var(--hoglet-quiet)">{descriptionOf(data)}</Text>}
            </header>
          )}
          {data.dashboard && (
            <Grid tiles={data.dashboard.tiles}>
              {(tile, height) =>
                tile.insight ? (
                  <SharedInsight
                    tile={tile}
                    insight={tile.insight}
                    over={data.dashboard?.filters}
                    height={height}
                  />
                ) : (
                  <TextTile tile={tile} />
                )
              }
            </Grid>
          )}
          {data.insight && <SharedInsight insight={data.insight} height={roomIn(INSIGHT_ROWS)} isAlone />}
          {!data.whitelabel && (
            <Group justify="flex-end" mt="md">
              <Text size="xs" c="var(--hoglet-quiet)">
                Made with{' '}
                <Anchor href="/" target="_blank" rel="noopener" size="xs" underline="always">
                  Hoglet
                </Anchor>
              </Text>
            </Group>
          )}
        </>
      )}
    </main>
  )
}

function nameOf({ dashboard, insight }: Shared): string {
  if (dashboard) return dashboard.name || 'Untitled dashboard'
  return insight ? tileName(insight) : 'Shared'
}

function descriptionOf({ dashboard, insight }: Shared): string {
  return dashboard?.description ?? insight?.description ?? ''
}
