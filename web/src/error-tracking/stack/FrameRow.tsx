import { Badge, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { FrameDetails } from './FrameDetails'
import classes from './FrameRow.module.css'
import { type Seen, told, toldAsSent } from './frames'

interface Props {
  seen: Seen
  /** As it was sent, rather than as it was resolved. */
  asSent: boolean
  openedFirst: boolean
}

/** A frame in a line; it opens to its source and what else is known of it. */
export function FrameRow({ seen, asSent, openedFirst }: Props) {
  const [open, setOpen] = useState(openedFirst)
  const { frame } = seen
  const { name, place } = asSent ? toldAsSent(seen) : told(seen)
  const Arrow = open ? IconChevronDown : IconChevronRight
  return (
    <li className={`${classes.row} ${frame.in_app ? '' : classes.other}`}>
      <UnstyledButton className={classes.head} onClick={() => setOpen(!open)} aria-expanded={open}>
        <Arrow size={14} className={classes.arrow} aria-hidden />
        <span className={classes.words}>
          <span className={classes.name}>{name}</span>
          {place && <span className={classes.place}> in {place}</span>}
        </span>
        <span className={classes.marks}>
          {!frame.resolved && <Mark color="orange">Not resolved</Mark>}
          {!frame.in_app && <Mark color="gray">Library</Mark>}
          {frame.suspicious && <Mark color="gray">SDK</Mark>}
        </span>
      </UnstyledButton>
      {open && (
        <div className={classes.body}>
          <FrameDetails seen={seen} asSent={asSent} name={name} />
        </div>
      )}
    </li>
  )
}

function Mark({ color, children }: { color: string; children: string }) {
  return (
    <Badge component="span" size="sm" variant="light" color={color} tt="none" fw={500}>
      {children}
    </Badge>
  )
}
