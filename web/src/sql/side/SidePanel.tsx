import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import classes from './Side.module.css'

interface Props {
  tables: ReactNode
  saved: ReactNode
  recent: ReactNode
}

const TABS = [
  { value: 'tables', label: 'Tables' },
  { value: 'saved', label: 'Saved' },
  { value: 'recent', label: 'Recent' },
]

export function SidePanel(panels: Props) {
  const [tab, setTab] = useState<keyof Props>('tables')
  return (
    <aside className={classes.side} aria-label="Tables and queries">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Side panel"
        data={TABS}
        value={tab}
        onChange={value => setTab(value as keyof Props)}
      />
      {panels[tab]}
    </aside>
  )
}
