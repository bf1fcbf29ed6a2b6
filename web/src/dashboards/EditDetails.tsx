import { useQuery } from '@tanstack/react-query'
import { type DashboardBasic, dashboardsQuery } from '@/api/dashboard'
import { DetailsDialog } from '@/components/DetailsDialog'
import { useProjectId } from '@/components/useProject'
import { useDashboardChange } from './useDashboardChange'

/** Name, description and tags. */
export function EditDetails({ dashboard, onClose }: { dashboard: DashboardBasic; onClose: () => void }) {
  const change = useDashboardChange(dashboard.id)
  const { data } = useQuery(dashboardsQuery(useProjectId()))
  return (
    <DetailsDialog
      title="Edit dashboard"
      details={{ ...dashboard, name: dashboard.name ?? '' }}
      descriptionMax={10_000}
      tagsKnown={[...new Set(data?.results.flatMap(one => one.tags) ?? [])].sort()}
      onSave={details => {
        change.mutate(details)
        onClose()
      }}
      onClose={onClose}
    />
  )
}
