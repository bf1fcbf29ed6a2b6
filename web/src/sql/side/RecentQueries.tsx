import { Button, Text, UnstyledButton } from '@mantine/core'
import { TimeAgo } from '@/components/Time'
import type { RecentQuery } from '../recent'
import classes from './Side.module.css'

interface Props {
  recent: readonly RecentQuery[]
  onOpen: (query: string) => void
  onClear: () => void
}

export function RecentQueries({ recent, onOpen, onClear }: Props) {
  if (recent.length === 0) {
    return (
      <Text size="sm" c="var(--hoglet-quiet)" p="xs">
        Queries that you run are listed here. They stay in this browser.
      </Text>
    )
  }
  return (
    <div className={classes.list}>
      {recent.map(one => (
        <UnstyledButton
          key={one.query}
          className={classes.card}
          onClick={() => onOpen(one.query)}
          title={one.query}
        >
          <span className={classes.code}>{one.query}</span>
          <Text size="xs" c="var(--hoglet-quiet)">
            <TimeAgo value={one.at} />
          </Text>
        </UnstyledButton>
      ))}
      <Button variant="subtle" color="gray" size="compact-xs" mt="xs" onClick={onClear}>
        Forget these
      </Button>
    </div>
  )
}
