import { useSuspenseQuery } from '@tanstack/react-query'
import { dashboardQuery } from '@/api/dashboard'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { DashboardHeader } from './DashboardHeader'
import { FiltersBar } from './FiltersBar'
import { FullScreen } from './FullScreen'
import { dashboardRoute } from './routes'
import { Tiles } from './Tiles'
import { overOf } from './tileAnswer'
import { useRefresh } from './useRefresh'

export function DashboardPage() {
  const projectId = useProjectId()
  const { dashboardId } = dashboardRoute.useParams()
  const [state, change] = useUrlState(dashboardRoute)
  const { data: dashboard } = useSuspenseQuery(dashboardQuery(projectId, dashboardId))
  const mayEdit = useMay('member')
  const over = overOf(dashboard.filters, dashboard.variables, state)
  const refreshing = useRefresh(dashboard.tiles, over, state.every)
  const isArranging = mayEdit && Boolean(state.arrange) && !state.full
  return (
    <FullScreen on={Boolean(state.full)} onLeave={() => change({ full: undefined })}>
      <DashboardHeader
        dashboard={dashboard}
        mayEdit={mayEdit}
        isFull={Boolean(state.full)}
        isArranging={isArranging}
        refreshing={refreshing}
        every={state.every}
        onEvery={every => change({ every })}
        onFull={full => change({ full: full || undefined, arrange: undefined }, { push: full })}
        onArrange={arrange => change({ arrange: arrange || undefined })}
      />
      <FiltersBar dashboard={dashboard} over={over} onChange={change} mayEdit={mayEdit} />
      <Tiles dashboard={dashboard} over={over} mayEdit={mayEdit} isArranging={isArranging} />
    </FullScreen>
  )
}
