import { Button, Card, Group } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconChartHistogram, IconLayoutGrid, IconLetterT } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { changeDashboard, type Dashboard, type Tile } from '@/api/dashboard'
import { keys } from '@/api/keys'
import { EmptyState } from '@/components/EmptyState'
import { notifyFailed } from '@/components/notify'
import { notifyUndo } from '@/components/notifyUndo'
import { useProjectId } from '@/components/useProject'
import { AddInsight } from './AddInsight'
import { Grid } from './Grid'
import { InsightTile } from './InsightTile'
import { changedPlaces, type Placed, placed, swapped, widened } from './layout'
import { RenameInsight } from './RenameInsight'
import { SendTile } from './SendTile'
import { TextEditor } from './TextEditor'
import { TextTile } from './TextTile'
import { type TileActions, TileMenu } from './TileMenu'
import { type Over, tileAnswerQuery } from './tileAnswer'
import { useDashboardChange } from './useDashboardChange'

// Dragging is only loaded by who drags.
const ArrangeGrid = lazy(() => import('./ArrangeGrid'))

interface Props {
  dashboard: Dashboard
  over: Over
  mayEdit: boolean
  isArranging: boolean
}

type Opened = { what: 'edit' | 'copy' | 'move'; tile: Tile } | { what: 'insight' | 'text' } | null

/** The tiles, each with its menu. */
export function Tiles({ dashboard, over, mayEdit, isArranging }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const change = useDashboardChange(dashboard.id)
  const isWide = useMediaQuery('(min-width: 62em)')
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)

  const arrange = (layout: Placed[]) => {
    const tiles = changedPlaces(dashboard.tiles, layout)
    if (tiles.length > 0) change.mutate({ tiles })
  }
  const putBack = async (tile: Tile) => {
    try {
      await changeDashboard(projectId, dashboard.id, { tiles: [{ id: tile.id, deleted: false }] })
      await client.invalidateQueries({ queryKey: keys.one(projectId, 'dashboards', dashboard.id) })
    } catch (error) {
      notifyFailed(error)
    }
  }
  const actions: TileActions = {
    refresh: tile =>
      void client
        .fetchQuery({
          ...tileAnswerQuery(projectId, tile, over, 'force_blocking'),
          initialData: undefined,
          staleTime: 0,
        })
        .catch(() => {}),
    edit: tile => setOpened({ what: 'edit', tile }),
    color: (tile, color) => change.mutate({ tiles: [{ id: tile.id, color }] }),
    describe: tile => change.mutate({ tiles: [{ id: tile.id, show_description: !tile.show_description }] }),
    shift: (tile, by) => arrange(swapped(placed(dashboard.tiles), String(tile.id), by)),
    widen: (tile, columns) => arrange(widened(placed(dashboard.tiles), String(tile.id), columns)),
    send: (tile, how) => setOpened({ what: how, tile }),
    remove: tile =>
      change.mutate(
        { tiles: [{ id: tile.id, deleted: true }] },
        { onSuccess: () => notifyUndo('Removed from the dashboard', () => void putBack(tile)) },
      ),
  }
  const shown = (tile: Tile, height: number) => {
    const menu = <TileMenu tile={tile} mayEdit={mayEdit} actions={actions} />
    return tile.insight ? (
      <InsightTile
        tile={tile}
        insight={tile.insight}
        over={over}
        dashboardId={dashboard.id}
        height={height}
        menu={menu}
        isArranging={isArranging && isWide}
      />
    ) : (
      <TextTile tile={tile} menu={menu} isArranging={isArranging && isWide} />
    )
  }
  const grid = <Grid tiles={dashboard.tiles}>{shown}</Grid>
  return (
    <>
      {dashboard.tiles.length === 0 ? (
        <Card padding={0}>
          <EmptyState
            icon={IconLayoutGrid}
            title="Nothing on this dashboard yet"
            action={
              mayEdit && (
                <Group gap="xs" justify="center">
                  <Button
                    leftSection={<IconChartHistogram size={14} aria-hidden />}
                    onClick={() => setOpened({ what: 'insight' })}
                  >
                    Add an insight
                  </Button>
                  <Button
                    variant="default"
                    leftSection={<IconLetterT size={14} aria-hidden />}
                    onClick={() => setOpened({ what: 'text' })}
                  >
                    Add a text
                  </Button>
                </Group>
              )
            }
          >
            Lay insights side by side, and tell in a few words what they are for.
          </EmptyState>
        </Card>
      ) : isArranging && isWide ? (
        <Suspense fallback={grid}>
          <ArrangeGrid tiles={dashboard.tiles} onMoved={tiles => change.mutate({ tiles })}>
            {shown}
          </ArrangeGrid>
        </Suspense>
      ) : (
        grid
      )}
      {opened?.what === 'insight' && <AddInsight dashboard={dashboard} onClose={close} />}
      {opened?.what === 'text' && <TextEditor dashboard={dashboard} onClose={close} />}
      {opened?.what === 'edit' &&
        (opened.tile.insight ? (
          <RenameInsight insight={opened.tile.insight} onClose={close} />
        ) : (
          <TextEditor dashboard={dashboard} tile={opened.tile} onClose={close} />
        ))}
      {(opened?.what === 'copy' || opened?.what === 'move') && (
        <SendTile dashboard={dashboard} tile={opened.tile} how={opened.what} onClose={close} />
      )}
    </>
  )
}
