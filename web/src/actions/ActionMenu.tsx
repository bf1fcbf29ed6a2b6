import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type Action, changeAction } from '@/api/action'
import { keys } from '@/api/keys'
import { notifyFailed } from '@/components/notify'
import { notifyUndo } from '@/components/notifyUndo'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { newActionRoute } from './routes'

interface Props {
  action: Action
  onDeleted?: () => void
}

/** What else can be done with an action. */
export function ActionMenu({ action, onDeleted }: Props) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const set = async (deleted: boolean) => {
    await changeAction(projectId, action.id, { deleted })
    await client.invalidateQueries({ queryKey: keys.all(projectId, 'actions') })
  }
  const remove = async () => {
    try {
      onDeleted?.()
      await set(true)
      notifyUndo(`“${action.name}” is deleted.`, () => void set(false).catch(notifyFailed))
    } catch (error) {
      notifyFailed(error)
    }
  }
  if (!mayChange) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${action.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCopy size={14} />}
          onClick={() =>
            navigate({
              to: newActionRoute.to,
              params: { projectId } as never,
              search: { from: action.id } as never,
            })
          }
        >
          Duplicate
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={remove}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
