import { useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { onRefused } from '@/api/client'
import { ApiError } from '@/api/errors'
import { projectQuery } from '@/api/project'

/** Somebody else deleted the project of the page, or took us out of it: the start page leads to another. */
export function useLeaveGoneProject(): void {
  const { projectId } = useParams({ strict: false })
  const client = useQueryClient()
  useEffect(() => {
    if (!projectId) return
    let isAsking = false
    return onRefused(async () => {
      if (isAsking) return
      isAsking = true
      try {
        await client.fetchQuery({ ...projectQuery(projectId), staleTime: 0, retry: false })
        isAsking = false
      } catch (error) {
        // Only what is known to be gone is left; and then everything that is kept of it goes with the page.
        if (error instanceof ApiError && error.isGone) window.location.assign('/')
        else isAsking = false
      }
    })
  }, [client, projectId])
}
