import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { keys } from '@/api/keys'
import { useProjectId } from '@/components/useProject'

// Events follow their fingerprint to another issue about a second later.
const FOLLOWED_MS = 2_500

/**
 * Takes what is known of issues for old: the issues themselves, and answers that name them. Once more a little later
 * where exceptions move from one to another.
 */
export function useStaleIssues(): (how?: { moves?: boolean }) => Promise<void> {
  const client = useQueryClient()
  const projectId = useProjectId()
  return useCallback(
    async ({ moves = false } = {}) => {
      const stale = async () => {
        await Promise.all([
          client.invalidateQueries({ queryKey: keys.all(projectId, 'issues') }),
          client.invalidateQueries({ queryKey: keys.all(projectId, 'query') }),
        ])
      }
      if (moves) setTimeout(() => void stale(), FOLLOWED_MS)
      await stale()
    },
    [client, projectId],
  )
}
