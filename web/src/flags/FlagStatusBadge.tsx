import { Badge, Tooltip } from '@mantine/core'
import type { Flag } from '@/api/flag'
import { STATUS_COLORS, STATUS_WORDS, statusHint } from './words'

export function FlagStatusBadge({ flag }: { flag: Pick<Flag, 'status'> }) {
  const hint = statusHint(flag)
  const badge = (
    <Badge variant="light" color={STATUS_COLORS[flag.status]} tt="none" fw={500}>
      {STATUS_WORDS[flag.status]}
    </Badge>
  )
  return hint ? <Tooltip label={hint}>{badge}</Tooltip> : badge
}
