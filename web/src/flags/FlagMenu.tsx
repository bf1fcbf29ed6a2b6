import { ActionIcon, Button, Group, Menu, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconDots,
  IconLink,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Flag } from '@/api/flag'
import { copyText } from '@/components/copyText'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { editFlagRoute, newFlagRoute } from './routes'
import { useChangeFlag } from './useChangeFlag'

interface Props {
  flag: Flag
  withEdit?: boolean
  onDeleted?: () => void
}

/** What else can be done with a flag. */
export function FlagMenu({ flag, withEdit, onDeleted }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const { change } = useChangeFlag()
  const [asking, { open, close }] = useDisclosure(false)
  const archive = () =>
    change(
      flag,
      flag.archived ? { archived: false } : { archived: true, active: false },
      flag.archived ? `“${flag.key}” is back in the list, turned off.` : `“${flag.key}” is archived.`,
    ).catch(notifyFailed)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More for ${flag.key}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconLink size={14} />}
            onClick={() => copyText(flag.key).then(() => notifyDone('The key is copied.'))}
          >
            Copy the key
          </Menu.Item>
          {mayChange && withEdit && (
            <Menu.Item
              leftSection={<IconPencil size={14} />}
              onClick={() =>
                navigate({ to: editFlagRoute.to, params: { projectId, flagId: String(flag.id) } })
              }
            >
              Edit
            </Menu.Item>
          )}
          {mayChange && (
            <>
              <Menu.Item
                leftSection={<IconCopy size={14} />}
                onClick={() =>
                  navigate({ to: newFlagRoute.to, params: { projectId }, search: { from: flag.id } })
                }
              >
                Duplicate
              </Menu.Item>
              <Menu.Item
                leftSection={flag.archived ? <IconArchiveOff size={14} /> : <IconArchive size={14} />}
                onClick={archive}
              >
                {flag.archived ? 'Take out of the archive' : 'Archive'}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={open}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <DeleteQuestion flag={flag} opened={asking} onClose={close} onDeleted={onDeleted} />
    </>
  )
}

interface QuestionProps {
  flag: Flag
  opened: boolean
  onClose: () => void
  onDeleted?: () => void
}

function DeleteQuestion({ flag, opened, onClose, onDeleted }: QuestionProps) {
  const { remove } = useChangeFlag()
  const [busy, setBusy] = useState(false)
  const confirm = async () => {
    setBusy(true)
    try {
      await remove(flag)
      onClose()
      onDeleted?.()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={onClose} title={`Delete “${flag.key}”?`} size="sm">
      <Stack>
        <Text>SDKs no longer know the flag, and code that asks for it gets its default.</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" onClick={confirm} loading={busy}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
