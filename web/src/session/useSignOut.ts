import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { signOut } from '@/api/session'
import { notifyFailed } from '@/components/notify'

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  const router = useRouter()
  return useCallback(async () => {
    try {
      await signOut()
    } catch (error) {
      notifyFailed(error)
      return
    }
    await router.navigate({ to: '/sign-in', search: {} })
    client.clear()
  }, [client, router])
}
