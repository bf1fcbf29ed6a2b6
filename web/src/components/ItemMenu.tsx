import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { keys } from '@/api/keys'
import { useMay } from '@/session/roles'
import { notifyFailed } from './notify'
import { notifyUndo } from './notifyUndo'
import { useProjectId } from './useProject'

interface Props {
  name: string
  /** The list that it is in, as `keys.all` names it. */
  kind: string
  setDeleted: (deleted: boolean) => Promise<unknown>
  onDuplicate?: () => void
  onDeleted?: () => void
}

/** What else can be done with one thing of a list: a copy of it, and its deletion, which can be undone. */
export function ItemMenu({ name, kind, setDeleted, onDuplicate, onDeleted }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const set = async (deleted: boolean) => {
    await setDeleted(deleted)
    await client.invalidateQueries({ queryKey: keys.all(projectId, kind) })
  }
  const remove = async () => {
    try {
      onDeleted?.()
      await set(true)
      notifyUndo(`“${name}” is deleted.`, () => void set(false).catch(notifyFailed))
    } catch (error) {
      notifyFailed(error)
    }
  }
  if (!useMay('member')) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onDuplicate && (
          <Menu.Item leftSection={<IconCopy size={14} />} onClick={onDuplicate}>
            Duplicate
          </Menu.Item>
        )}
        <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={remove}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
