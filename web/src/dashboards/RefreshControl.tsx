import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core'
import { IconCheck, IconChevronDown, IconRefresh } from '@tabler/icons-react'
import { TimeAgo } from '@/components/Time'

export interface Refreshing {
  refresh: () => Promise<void>
  isRefreshing: boolean
  /** Tiles that ask something. */
  count: number
  /** Those whose answer is on its way. */
  waiting: number
  /** When the oldest answer that is shown was made. */
  oldest: string | undefined
}

interface Props {
  refreshing: Refreshing
  every: number | undefined
  onEvery: (minutes: number | undefined) => void
}

const EVERY: readonly [number | undefined, string][] = [
  [undefined, 'Off'],
  [1, 'Every minute'],
  [5, 'Every 5 minutes'],
  [15, 'Every 15 minutes'],
  [30, 'Every 30 minutes'],
  [60, 'Every hour'],
]

/** Asks again, now or every few minutes, and tells how old what is shown is. */
export function RefreshControl({ refreshing, every, onEvery }: Props) {
  const { refresh, isRefreshing, count, waiting, oldest } = refreshing
  if (count === 0) return null
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="xs" c="var(--hoglet-quiet)" aria-live="polite">
        {waiting > 0 ? (
          `${count - waiting} of ${count} ready`
        ) : oldest ? (
          <>
            Updated <TimeAgo value={oldest} />
          </>
        ) : null}
      </Text>
      <Button.Group>
        <Button
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={isRefreshing}
          onClick={() => void refresh()}
        >
          Refresh
        </Button>
        <Menu position="bottom-end" width={190}>
          <Menu.Target>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={every ? `Refreshes every ${every} minutes` : 'Refresh by itself'}
              style={{ borderTopLeftRadius: 0, borderBottomLeftRadius: 0, borderLeft: 0 }}
            >
              {every ? <Text size="xs">{every}m</Text> : <IconChevronDown size={14} />}
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Refresh by itself</Menu.Label>
            {EVERY.map(([minutes, label]) => (
              <Menu.Item
                key={label}
                onClick={() => onEvery(minutes)}
                rightSection={minutes === every ? <IconCheck size={14} aria-label="Chosen" /> : null}
              >
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
    </Group>
  )
}
