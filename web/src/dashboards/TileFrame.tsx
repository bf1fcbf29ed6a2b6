import { Loader, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconGripVertical } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Tile } from '@/api/dashboard'
import { shownColor } from './colors'
import classes from './TileFrame.module.css'

interface Props {
  tile: Tile
  /** What the tile is, for screen readers. */
  label: string
  /** The name; a text has none. */
  name?: ReactNode
  told?: ReactNode
  menu?: ReactNode
  isArranging?: boolean
  isFetching?: boolean
  /** A newer answer that could not be had, while an older one is shown. */
  failure?: string
  children: ReactNode
}

/** The frame of every tile. Its head is what it is dragged by. */
export function TileFrame(props: Props) {
  const { tile, label, name, told, menu, isArranging, isFetching, failure, children } = props
  const color = shownColor(tile.color)
  const tools = (
    <>
      {isFetching && <Loader size={14} role="status" aria-label="Refreshing" />}
      {failure && (
        <Tooltip label={`Not refreshed: ${failure}`} multiline maw={320}>
          <IconAlertTriangle
            size={16}
            color="var(--mantine-color-orange-6)"
            role="img"
            aria-label="Not refreshed"
          />
        </Tooltip>
      )}
      {isArranging && <IconGripVertical size={16} className={classes.grip} aria-hidden />}
      {menu}
    </>
  )
  return (
    <article
      aria-label={label}
      className={`${classes.frame} ${isArranging ? classes.arranging : ''}`}
      data-color={color ? true : undefined}
      style={color ? ({ '--tile-color': color } as React.CSSProperties) : undefined}
    >
      {name ? (
        <>
          <header className={`${classes.head} tile-handle`}>
            <div className={classes.words}>
              {name}
              {told && <div className={classes.told}>{told}</div>}
            </div>
            <div className={classes.tools}>{tools}</div>
          </header>
          <div className={classes.content}>{children}</div>
        </>
      ) : (
        <>
          <div className={classes.corner}>{tools}</div>
          <div className={`${classes.content} ${classes.text} tile-handle`}>{children}</div>
        </>
      )}
    </article>
  )
}
