import { Group, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { flagQuery, flagsQuery } from '@/api/flag'
import { useProjectId } from '@/components/useProject'
import type { SettingPart } from '../data/part'
import { linkedFlagOf } from './replay'

const NAME = 'session_recording_linked_flag'
const ANY = ''

/** A flag that decides who is recorded, perhaps only those with one of its variants. */
export function LinkedFlagSetting({ project, mayChange, saving }: SettingPart) {
  const projectId = useProjectId()
  const linked = linkedFlagOf(project[NAME])
  const [typed, setTyped] = useState('')
  // What is typed is the chosen flag's key as long as nobody types.
  const [search] = useDebouncedValue(typed === linked?.key ? '' : typed.trim(), 150)
  const found = useQuery({
    ...flagsQuery(projectId, { search: search || undefined }),
    placeholderData: keepPreviousData,
  })
  const flag = useQuery({ ...flagQuery(projectId, linked?.id ?? 0), enabled: linked !== null })
  const flags = found.data?.results ?? []
  const offered = flags.map(one => ({ value: String(one.id), label: one.key }))
  const variants = flag.data?.filters.multivariate?.variants ?? []
  if (linked && !flags.some(one => one.id === linked.id)) {
    offered.unshift({ value: String(linked.id), label: linked.key })
  }
  const choose = (id: string | null) => {
    const chosen = offered.find(one => one.value === id)
    if (chosen?.value === String(linked?.id ?? '')) return
    void saving.save({ [NAME]: chosen ? { id: Number(chosen.value), key: chosen.label } : null })
  }
  return (
    <Group align="flex-start" gap="md">
      <Select
        flex={1}
        miw={220}
        size="sm"
        label="For who has this flag"
        description="Others are not recorded"
        placeholder="Everybody"
        data={offered}
        value={linked ? String(linked.id) : null}
        onChange={choose}
        searchable
        clearable
        onSearchChange={setTyped}
        filter={({ options }) => options}
        nothingFoundMessage="No flag is called so"
        disabled={!mayChange || saving.busy}
        error={saving.problem(NAME)}
      />
      {linked && (variants.length > 0 || linked.variant) && (
        <Select
          w={200}
          size="sm"
          label="Variant"
          description="Only those who get it"
          data={[
            { value: ANY, label: 'Any' },
            ...variants.map(one => one.key),
            ...(linked.variant && !variants.some(one => one.key === linked.variant) ? [linked.variant] : []),
          ]}
          value={linked.variant ?? ANY}
          onChange={chosen =>
            void saving.save({
              [NAME]: { id: linked.id, key: linked.key, ...(chosen && { variant: chosen }) },
            })
          }
          allowDeselect={false}
          disabled={!mayChange || saving.busy}
        />
      )}
    </Group>
  )
}
