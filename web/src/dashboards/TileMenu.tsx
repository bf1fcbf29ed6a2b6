import { ActionIcon, ColorSwatch, Group, Menu, Tooltip } from '@mantine/core'
import {
  IconArrowLeft,
  IconArrowRight,
  IconArrowsHorizontal,
  IconCopy,
  IconDots,
  IconExternalLink,
  IconFileDescription,
  IconLayoutDashboard,
  IconPencil,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { Tile } from '@/api/dashboard'
import { useProjectId } from '@/components/useProject'
import { shownColor, TILE_COLORS, type TileColor } from './colors'
import { tileName } from './tileAnswer'

export interface TileActions {
  refresh: (tile: Tile) => void
  edit: (tile: Tile) => void
  color: (tile: Tile, color: TileColor | null) => void
  describe: (tile: Tile) => void
  /** Earlier or later among the tiles. */
  shift: (tile: Tile, by: -1 | 1) => void
  widen: (tile: Tile, columns: 6 | 12) => void
  send: (tile: Tile, how: 'copy' | 'move') => void
  remove: (tile: Tile) => void
}

interface Props {
  tile: Tile
  /** Everything that changes the dashboard is left out for who may only look. */
  mayEdit: boolean
  actions: TileActions
}

const ICON = { size: 16, 'aria-hidden': true } as const

export function TileMenu({ tile, mayEdit, actions }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const { insight } = tile
  const name = insight ? tileName(insight) : 'Text'
  if (!insight && !mayEdit) return null
  const open = () =>
    void navigate({
      to: '/project/$projectId/insights/$shortId' as '/',
      params: { projectId, shortId: insight?.short_id } as never,
    })
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${name}`} size="sm">
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {insight && (
          <>
            <Menu.Item leftSection={<IconExternalLink {...ICON} />} onClick={open}>
              Open insight
            </Menu.Item>
            <Menu.Item leftSection={<IconRefresh {...ICON} />} onClick={() => actions.refresh(tile)}>
              Refresh
            </Menu.Item>
          </>
        )}
        {mayEdit && (
          <>
            <Menu.Item leftSection={<IconPencil {...ICON} />} onClick={() => actions.edit(tile)}>
              {insight ? 'Rename insight' : 'Edit text'}
            </Menu.Item>
            {insight?.description && (
              <Menu.Item
                leftSection={<IconFileDescription {...ICON} />}
                onClick={() => actions.describe(tile)}
              >
                {tile.show_description ? 'Hide description' : 'Show description'}
              </Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Label>Colour</Menu.Label>
            <Group gap={6} px="sm" pb="xs" role="group" aria-label="Colour">
              <Swatch color={null} tile={tile} actions={actions} />
              {TILE_COLORS.map(color => (
                <Swatch key={color} color={color} tile={tile} actions={actions} />
              ))}
            </Group>
            <Menu.Divider />
            <Menu.Item leftSection={<IconArrowLeft {...ICON} />} onClick={() => actions.shift(tile, -1)}>
              Move earlier
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowRight {...ICON} />} onClick={() => actions.shift(tile, 1)}>
              Move later
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowsHorizontal {...ICON} />}
              onClick={() => actions.widen(tile, isWide(tile) ? 6 : 12)}
            >
              {isWide(tile) ? 'Half width' : 'Full width'}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item leftSection={<IconCopy {...ICON} />} onClick={() => actions.send(tile, 'copy')}>
              Copy to a dashboard
            </Menu.Item>
            <Menu.Item
              leftSection={<IconLayoutDashboard {...ICON} />}
              onClick={() => actions.send(tile, 'move')}
            >
              Move to a dashboard
            </Menu.Item>
            <Menu.Item c="red" leftSection={<IconTrash {...ICON} />} onClick={() => actions.remove(tile)}>
              Remove from dashboard
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Swatch({ color, tile, actions }: { color: TileColor | null; tile: Tile; actions: TileActions }) {
  const isChosen = (tile.color ?? null) === color
  const name = color ?? 'none'
  return (
    <Tooltip label={name}>
      <ColorSwatch
        component="button"
        type="button"
        size={18}
        color={shownColor(color) ?? 'transparent'}
        aria-label={`Colour: ${name}`}
        role="menuitemradio"
        aria-checked={isChosen}
        onClick={() => actions.color(tile, color)}
        style={{
          cursor: 'pointer',
          outline: isChosen ? '2px solid var(--mantine-primary-color-filled)' : undefined,
          outlineOffset: 1,
        }}
      />
    </Tooltip>
  )
}

function isWide(tile: Tile): boolean {
  const kept = tile.layouts.sm as { w?: unknown } | undefined
  return kept?.w === 12
}
