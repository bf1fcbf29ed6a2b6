import { useMutation, useQueryClient } from '@tanstack/react-query'
import { changeDashboard, type Dashboard, type DashboardChange } from '@/api/dashboard'
import { keys } from '@/api/keys'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'

/** Changes a dashboard: the page shows it at once, the server hears of one change after the other. */
export function useDashboardChange(id: number) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const queryKey = keys.one(projectId, 'dashboards', id)
  return useMutation({
    scope: { id: `dashboard ${projectId} ${id}` },
    mutationFn: (change: DashboardChange) => changeDashboard(projectId, id, change),
    onMutate: async change => {
      await client.cancelQueries({ queryKey })
      client.setQueryData<Dashboard>(queryKey, before => before && changed(before, change))
    },
    onError: error => {
      notifyFailed(error)
      void client.invalidateQueries({ queryKey })
    },
    onSettled: () => client.invalidateQueries({ queryKey: [...keys.all(projectId, 'dashboards'), 'list'] }),
  })
}

/** The dashboard as it will be. */
export function changed(before: Dashboard, { tiles = [], ...change }: DashboardChange): Dashboard {
  const byId = new Map(tiles.map(one => [one.id, one]))
  return {
    ...before,
    ...change,
    tiles: before.tiles
      .filter(tile => !byId.get(tile.id)?.deleted)
      .map(tile => ({ ...tile, ...byId.get(tile.id) })),
  }
}
