import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { safeNext } from './next'

/** Goes on as the person who has just signed in; nothing of who was there before stays. */
export function useEnter(next: string | undefined): () => Promise<void> {
  const client = useQueryClient()
  const router = useRouter()
  return useCallback(async () => {
    client.clear()
    await router.navigate({ href: safeNext(next) })
  }, [client, router, next])
}
