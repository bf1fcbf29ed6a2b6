import type { ReactNode } from 'react'
import type { Tile } from '@/api/dashboard'
import { Markdown } from './Markdown'
import { TileFrame } from './TileFrame'

interface Props {
  tile: Tile
  menu?: ReactNode
  isArranging?: boolean
}

export function TextTile({ tile, menu, isArranging }: Props) {
  return (
    <TileFrame tile={tile} label="Text" menu={menu} isArranging={isArranging}>
      <Markdown text={tile.text?.body ?? ''} />
    </TileFrame>
  )
}
