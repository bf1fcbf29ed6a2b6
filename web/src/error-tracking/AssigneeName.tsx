import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Assignee } from '@/api/issue'
import { membersQuery } from '@/api/member'
import { useProject } from '@/components/useProject'
import { userName } from '@/components/userName'

/** Who looks after an issue. */
export function AssigneeName({ assignee }: { assignee: Assignee | null }) {
  const members = useQuery(membersQuery(useProject().organization))
  if (!assignee) return '–'
  if (assignee.type === 'role') return 'A role'
  const found = members.data?.results.find(one => one.user.id === assignee.id)
  return (
    <Text span inherit truncate display="block">
      {found ? userName(found.user) : `User ${assignee.id}`}
    </Text>
  )
}
