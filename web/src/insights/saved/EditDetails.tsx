import type { Insight } from '@/api/insight'
import { DetailsDialog } from '@/components/DetailsDialog'
import { useInsightChange } from './useInsightChange'
import { titleOf } from './useInsightDeeds'

/** Name, description and tags. */
export function EditDetails({ insight, onClose }: { insight: Insight; onClose: () => void }) {
  const change = useInsightChange(insight)
  return (
    <DetailsDialog
      title="Edit insight"
      details={{ ...insight, name: titleOf(insight) }}
      descriptionMax={400}
      onSave={details => {
        change.mutate(details)
        onClose()
      }}
      onClose={onClose}
    />
  )
}
