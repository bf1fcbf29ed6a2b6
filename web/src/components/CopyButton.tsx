import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { copyText } from './copyText'

interface Props {
  value: string
  /** With words it is a button, without an icon. */
  label?: string
  /** What is copied, for screen readers: `Copy the token`. */
  what?: string
}

const SHOWN_MS = 1_500

export function CopyButton({ value, label, what = 'Copy' }: Props) {
  const [done, setDone] = useState(false)
  const copy = async () => {
    await copyText(value)
    setDone(true)
    setTimeout(() => setDone(false), SHOWN_MS)
  }
  const icon = done ? <IconCheck size={14} /> : <IconCopy size={14} />
  if (label) {
    return (
      <Button variant="default" leftSection={icon} onClick={copy}>
        {done ? 'Copied' : label}
      </Button>
    )
  }
  return (
    <Tooltip label={done ? 'Copied' : what}>
      <ActionIcon onClick={copy} aria-label={what} color={done ? 'teal' : 'gray'} size="sm">
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
