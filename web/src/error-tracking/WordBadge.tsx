import { Badge } from '@mantine/core'

/** A status or a severity. */
export function WordBadge({ label, color }: { label: string; color: string }) {
  return (
    <Badge component="span" variant="light" color={color} tt="none" fw={500} flex="none">
      {label}
    </Badge>
  )
}
