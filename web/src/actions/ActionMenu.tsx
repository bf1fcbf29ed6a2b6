import { useNavigate } from '@tanstack/react-router'
import { type Action, changeAction } from '@/api/action'
import { ItemMenu } from '@/components/ItemMenu'
import { useProjectId } from '@/components/useProject'
import { newActionRoute } from './routes'

interface Props {
  action: Action
  onDeleted?: () => void
}

/** What else can be done with an action. */
export function ActionMenu({ action, onDeleted }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const duplicate = () =>
    void navigate({
      to: newActionRoute.to,
      params: { projectId } as never,
      search: { from: action.id } as never,
    })
  return (
    <ItemMenu
      name={action.name}
      kind="actions"
      setDeleted={deleted => changeAction(projectId, action.id, { deleted })}
      onDuplicate={duplicate}
      onDeleted={onDeleted}
    />
  )
}
