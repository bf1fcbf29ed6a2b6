import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Assignee } from '@/api/issue'
import { membersQuery } from '@/api/member'
import { useProject } from '@/components/useProject'
import { userName } from '@/components/userName'

interface Props {
  value: Assignee | null
  onChange: (assignee: Assignee | null) => void
  label: string
  placeholder: string
  disabled?: boolean
  withLabel?: boolean
  w?: number | string
}

/** Somebody of the organisation, or nobody. */
export function AssigneeSelect({ value, onChange, label, placeholder, disabled, withLabel, w = 180 }: Props) {
  const members = useQuery(membersQuery(useProject().organization))
  const data = (members.data?.results ?? []).map(one => ({
    value: String(one.user.id),
    label: userName(one.user),
  }))
  const chosen = value?.type === 'user' ? String(value.id) : null
  // Somebody who left, until their name is known.
  if (chosen && !data.some(one => one.value === chosen)) data.push({ value: chosen, label: `User ${chosen}` })
  return (
    <Select
      size="xs"
      w={w}
      label={withLabel ? label : undefined}
      aria-label={withLabel ? undefined : label}
      placeholder={value?.type === 'role' ? 'A role' : placeholder}
      data={data}
      value={chosen}
      onChange={id => onChange(id === null ? null : { type: 'user', id: Number(id) })}
      disabled={disabled}
      clearable
      searchable
    />
  )
}
