import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { keys } from '@/api/keys'
import { useProjectId } from '@/components/useProject'

/** Takes what is known of issues for old: the issues themselves, and answers that name them. */
export function useStaleIssues(): () => Promise<void> {
  const client = useQueryClient()
  const projectId = useProjectId()
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: keys.all(projectId, 'issues') }),
      client.invalidateQueries({ queryKey: keys.all(projectId, 'query') }),
    ])
  }, [client, projectId])
}
