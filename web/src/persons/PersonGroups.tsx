import { useQuery } from '@tanstack/react-query'
import { relatedQuery } from '@/api/group'
import type { Person } from '@/api/person'
import { RelatedTable } from '@/components/RelatedTable'
import { useProjectId } from '@/components/useProject'

export function PersonGroups({ person }: { person: Person }) {
  const found = useQuery(relatedQuery(useProjectId(), undefined, person.id))
  return (
    <RelatedTable
      label="Groups"
      rows={found.data}
      loading={found.isPending}
      error={found.error}
      onRetry={() => found.refetch()}
      empty="None of their events of the last 90 days belongs to a group. Call group() to say where somebody belongs."
    />
  )
}
