import { Badge, Group, Tooltip } from '@mantine/core'
import { IconCircleCheckFilled, IconEyeOff } from '@tabler/icons-react'

interface Props {
  verified: boolean
  hidden: boolean
}

/** Verified, or hidden. */
export function DefinitionMarks({ verified, hidden }: Props) {
  if (verified) {
    return (
      <Tooltip label="Verified">
        <IconCircleCheckFilled
          size={14}
          color="var(--mantine-color-teal-6)"
          role="img"
          aria-label="Verified"
        />
      </Tooltip>
    )
  }
  if (!hidden) return null
  return (
    <Tooltip label="Hidden">
      <IconEyeOff size={14} color="var(--hoglet-quiet)" role="img" aria-label="Hidden" />
    </Tooltip>
  )
}

export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <Group gap={4}>
      {tags.map(tag => (
        <Badge key={tag} variant="light" color="gray" tt="none" fw={500}>
          {tag}
        </Badge>
      ))}
    </Group>
  )
}
