import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { notifyFailed } from '@/components/notify'

interface Props {
  asked: 'remove' | 'password' | 'second factor'
  name: string
  onConfirm: () => Promise<void>
  onClose: () => void
}

/** Asks before something is done to a member. */
export function Question({ asked, name, onConfirm, onClose }: Props) {
  const [busy, setBusy] = useState(false)
  const { title, said, act } = WORDS[asked]
  const confirm = async () => {
    setBusy(true)
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      notifyFailed(error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={title(name)} size="sm">
      <Stack>
        <Text>{said}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color={asked === 'password' ? undefined : 'red'} loading={busy} onClick={confirm}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const WORDS = {
  remove: {
    title: (name: string) => `Remove ${name}?`,
    said: 'Their sessions and keys open this organisation no more. What they made stays, and so does their account.',
    act: 'Remove',
  },
  password: {
    title: (name: string) => `A new password for ${name}?`,
    said: 'You get a link for them, with which they choose one. The password they have works until then.',
    act: 'Make the link',
  },
  'second factor': {
    title: (name: string) => `Take away the second factor of ${name}?`,
    said: 'Their password alone signs them in again, and they are signed out everywhere.',
    act: 'Take it away',
  },
} as const
