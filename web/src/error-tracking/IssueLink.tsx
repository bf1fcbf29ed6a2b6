import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'
import { issueName } from './words'

/** An issue's name, leading to its page. */
export function IssueLink({ issue }: { issue: { id: string; name: string | null } }) {
  const projectId = useProjectId()
  return (
    <Anchor
      component={Link}
      inherit
      to="/project/$projectId/error-tracking/issues/$issueId"
      params={{ projectId, issueId: issue.id } as never}
      c="var(--hoglet-accent-text)"
      style={{ overflowWrap: 'anywhere' }}
    >
      {issueName(issue)}
    </Anchor>
  )
}
