import { useParams } from '@tanstack/react-router'
import { useSession } from '@/session/session'

/** The project of the address; outside of projects, the one that was looked at last. */
export function useProjectHere(): string {
  const { projectId } = useParams({ strict: false })
  const user = useSession()
  return projectId ?? String(user.team?.id ?? '@current')
}
