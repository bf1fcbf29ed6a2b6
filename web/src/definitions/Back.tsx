import { Anchor } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useProjectId } from '@/components/useProject'

/** Back to the list. */
export function Back({ tab, children }: { tab: 'events' | 'properties'; children: string }) {
  const projectId = useProjectId()
  return (
    <Anchor
      component={Link}
      to="/project/$projectId/definitions"
      params={{ projectId } as never}
      search={{ tab: tab === 'properties' ? tab : undefined } as never}
      size="sm"
      mb={4}
      style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}
    >
      <IconArrowLeft size={14} aria-hidden />
      {children}
    </Anchor>
  )
}
