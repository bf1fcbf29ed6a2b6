import { useQueryClient } from '@tanstack/react-query'
import { changeFlag, type Flag, type FlagChange, flagQuery } from '@/api/flag'
import { keys } from '@/api/keys'
import { notifyDone, notifyFailed } from '@/components/notify'
import { notifyUndo } from '@/components/notifyUndo'
import { useProjectId } from '@/components/useProject'

interface Changes {
  change: (flag: Flag, body: FlagChange, done: string) => Promise<Flag>
  /** Taken away, with a moment to think again. */
  remove: (flag: Flag) => Promise<void>
}

/** Small changes of one flag, after which every list of flags is asked for anew. */
export function useChangeFlag(): Changes {
  const projectId = useProjectId()
  const client = useQueryClient()
  const send = async (flag: Flag, body: FlagChange) => {
    const changed = await changeFlag(projectId, flag.id, body)
    client.setQueryData(flagQuery(projectId, flag.id).queryKey, changed)
    await client.invalidateQueries({ queryKey: keys.all(projectId, 'feature_flags') })
    return changed
  }
  const change = async (flag: Flag, body: FlagChange, done: string) => {
    const changed = await send(flag, { ...body, version: flag.version })
    notifyDone(done)
    return changed
  }
  const remove = async (flag: Flag) => {
    await send(flag, { deleted: true })
    notifyUndo(`“${flag.key}” was deleted.`, () => {
      send(flag, { deleted: false }).then(() => notifyDone(`“${flag.key}” is back.`), notifyFailed)
    })
  }
  return { change, remove }
}
