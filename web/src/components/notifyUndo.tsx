import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'

const SHOWN_MS = 10_000

/** Tells what was done, with a button that takes it back. */
export function notifyUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    autoClose: SHOWN_MS,
    color: 'gray',
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        <Button
          variant="default"
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  })
}
