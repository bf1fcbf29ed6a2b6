import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, errorText } from '@/api/errors'
import { keys } from '@/api/keys'
import { changeProject, type Project, projectQuery } from '@/api/project'
import { notifyDone, notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'

interface Saving {
  busy: boolean
  /** What the server says of a setting. */
  problem: (name: string) => string | undefined
  save: (change: Partial<Project>) => Promise<boolean>
}

/** Saves settings of the project, and tells what is wrong at the setting that it is about. */
export function useSaveProject(): Saving {
  const projectId = useProjectId()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiError | null>(null)
  const save = async (change: Partial<Project>) => {
    setBusy(true)
    setFailure(null)
    try {
      client.setQueryData(projectQuery(projectId).queryKey, await changeProject(projectId, change))
      void client.invalidateQueries({ queryKey: keys.projects() })
      void client.invalidateQueries({ queryKey: keys.me() })
      notifyDone('Saved.')
      return true
    } catch (error) {
      const named = error instanceof ApiError && error.attr?.split('__')[0]
      if (error instanceof ApiError && named && named in change) setFailure(error)
      else notifyFailed(error)
      return false
    } finally {
      setBusy(false)
    }
  }
  const problem = (name: string) => (failure?.attr?.split('__')[0] === name ? errorText(failure) : undefined)
  return { busy, problem, save }
}
