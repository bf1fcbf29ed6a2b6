import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { groupTypeNames, groupTypesQuery } from '@/api/group'
import { useProjectId } from '@/components/useProject'

interface Props {
  value: number | null | undefined
  onChange: (index: number | undefined) => void
}

/** Whether users are followed, or groups of one type. */
export function AggregateSelect({ value, onChange }: Props) {
  const types = useQuery(groupTypesQuery(useProjectId()))
  return (
    <NativeSelect
      size="xs"
      label="Counted are"
      value={value === null || value === undefined ? '' : String(value)}
      data={[
        { value: '', label: 'unique users' },
        ...(types.data ?? []).map(type => ({
          value: String(type.group_type_index),
          label: `unique ${groupTypeNames(type).toLowerCase()}`,
        })),
      ]}
      onChange={event =>
        onChange(event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))
      }
    />
  )
}
