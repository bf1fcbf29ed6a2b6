import { useInfiniteQuery } from '@tanstack/react-query'
import { issueActivityQuery } from '@/api/issue'
import { ActivityList } from '@/components/ActivityList'
import { useProjectId } from '@/components/useProject'

/** Who changed what about it. */
export function IssueActivity({ issueId }: { issueId: string }) {
  return <ActivityList found={useInfiniteQuery(issueActivityQuery(useProjectId(), issueId))} />
}
