import { useNavigate } from '@tanstack/react-router'
import { type Cohort, changeCohort } from '@/api/cohort'
import { ItemMenu } from '@/components/ItemMenu'
import { useProjectId } from '@/components/useProject'
import { newCohortRoute } from './routes'

interface Props {
  cohort: Cohort
  onDeleted?: () => void
}

/** What else can be done with a cohort. */
export function CohortMenu({ cohort, onDeleted }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const duplicate = () =>
    void navigate({
      to: newCohortRoute.to,
      params: { projectId } as never,
      search: { from: cohort.id } as never,
    })
  return (
    <ItemMenu
      name={cohort.name}
      kind="cohorts"
      setDeleted={deleted => changeCohort(projectId, cohort.id, { deleted })}
      onDuplicate={cohort.is_static ? undefined : duplicate}
      onDeleted={onDeleted}
    />
  )
}
