import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TileInsight } from '@/api/dashboard'
import { changeInsight } from '@/api/insight'
import { keys } from '@/api/keys'
import { type Details, DetailsDialog } from '@/components/DetailsDialog'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { tileName } from './tileAnswer'

/** Another name for an insight, everywhere it is. */
export function RenameInsight({ insight, onClose }: { insight: TileInsight; onClose: () => void }) {
  const projectId = useProjectId()
  const client = useQueryClient()
  const saving = useMutation({
    mutationFn: ({ name, description }: Details) =>
      changeInsight(projectId, insight.id, { name, description }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.all(projectId, 'dashboards') }),
        client.invalidateQueries({ queryKey: keys.all(projectId, 'insights') }),
      ])
      onClose()
    },
    onError: notifyFailed,
  })
  return (
    <DetailsDialog
      title="Rename insight"
      details={{ name: tileName(insight), description: insight.description }}
      descriptionMax={400}
      isSaving={saving.isPending}
      onSave={details => saving.mutate(details)}
      onClose={onClose}
    />
  )
}
