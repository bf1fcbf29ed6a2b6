import { Button, Group, Modal, Stack, Switch, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { Flag } from '@/api/flag'
import { notifyFailed } from '@/components/notify'
import { useMay } from '@/session/roles'
import { useChangeFlag } from './useChangeFlag'

/** Turns a flag on or off for everybody who asks, after a question. */
export function FlagActiveSwitch({ flag, label }: { flag: Flag; label?: string }) {
  const [opened, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const { change } = useChangeFlag()
  const mayChange = useMay('member')
  const next = !flag.active
  const confirm = async () => {
    setBusy(true)
    try {
      await change(flag, { active: next }, `“${flag.key}” is ${next ? 'on' : 'off'}.`)
      close()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Tooltip label={flag.archived ? 'Archived flags stay off' : flag.active ? 'On' : 'Off'}>
        <Switch
          size="sm"
          checked={flag.active}
          onChange={open}
          disabled={!mayChange || flag.archived}
          label={label}
          aria-label={label ? undefined : `${flag.key} is on`}
        />
      </Tooltip>
      <Modal opened={opened} onClose={close} title={`Turn ${next ? 'on' : 'off'} “${flag.key}”?`} size="sm">
        <Stack>
          <Text>
            {next
              ? 'Everybody whom its conditions choose gets it from their next request on.'
              : 'Nobody gets it any more, from their next request on. Its conditions are kept.'}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button onClick={confirm} loading={busy} color={next ? undefined : 'red'} data-autofocus>
              {next ? 'Turn on' : 'Turn off'}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
