import { Box, Code, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './Json.module.css'

interface Props {
  value: unknown
  /** Levels that are open at first. */
  open?: number
}

const SHOWN_MAX = 200

/** Any JSON as a tree that opens and closes. Text is shown as text, whatever it holds. */
export function Json({ value, open = 1 }: Props) {
  return (
    <Box className={classes.root}>
      <Node value={value} open={open} />
    </Box>
  )
}

function Node({ name, value, open }: { name?: string; value: unknown; open: number }) {
  const [shown, setShown] = useState(open > 0)
  const label = name !== undefined && <span className={classes.key}>{name}: </span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={classes.line}>
        {label}
        <span className={classes[typeof value] ?? classes.null}>
          {value === null ? 'null' : JSON.stringify(value)}
        </span>
      </div>
    )
  }
  const isList = Array.isArray(value)
  const entries = isList ? value.map((one, index) => [String(index), one] as const) : Object.entries(value)
  if (entries.length === 0) {
    return (
      <div className={classes.line}>
        {label}
        {isList ? '[]' : '{}'}
      </div>
    )
  }
  return (
    <div>
      <UnstyledButton className={classes.toggle} onClick={() => setShown(!shown)} aria-expanded={shown}>
        {shown ? <IconChevronDown size={12} aria-hidden /> : <IconChevronRight size={12} aria-hidden />}
        {label}
        <span className={classes.count}>{isList ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </UnstyledButton>
      {shown && (
        <div className={classes.inner}>
          {entries.slice(0, SHOWN_MAX).map(([key, one]) => (
            <Node key={key} name={key} value={one} open={open - 1} />
          ))}
          {entries.length > SHOWN_MAX && <Code>… {entries.length - SHOWN_MAX} more</Code>}
        </div>
      )}
    </div>
  )
}
