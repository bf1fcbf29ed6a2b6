import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'

/** What else happened in the same session. */
export function SessionLink({ properties }: { properties: Record<string, unknown> }) {
  const projectId = useProjectId()
  const session = properties.$session_id
  if (typeof session !== 'string' || session === '') return null
  return (
    <Anchor
      component={Link}
      inherit
      to="/project/$projectId/events"
      params={{ projectId } as never}
      search={
        {
          date_from: '-90d',
          properties: [{ type: 'event', key: '$session_id', operator: 'exact', value: [session] }],
        } as never
      }
    >
      Events of the session
    </Anchor>
  )
}
