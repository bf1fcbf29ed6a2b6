import { Loader, ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cohortsQuery } from '@/api/cohort'
import { counted } from './format'
import classes from './PropertyList.module.css'
import { useProjectId } from './useProject'

export function CohortList({ onChoose }: { onChoose: (id: number, name: string) => void }) {
  const projectId = useProjectId()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 150)
  const found = useQuery({
    ...cohortsQuery(projectId, { search: search || undefined }),
    placeholderData: keepPreviousData,
  })
  const cohorts = found.data?.results ?? []
  return (
    <>
      <TextInput
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={found.isFetching && <Loader size={14} />}
        placeholder="Search cohorts"
        aria-label="Search cohorts"
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
        data-autofocus
      />
      <ScrollArea.Autosize mah={280} type="scroll">
        <div className={classes.list}>
          {cohorts.map(one => (
            <UnstyledButton
              key={one.id}
              className={classes.choice}
              onClick={() => onChoose(one.id, one.name)}
            >
              {one.name}
              <Text span size="xs" c="var(--hoglet-quiet)">
                {one.count === null ? '' : counted(one.count, 'person', 'people')}
              </Text>
            </UnstyledButton>
          ))}
          {!found.isFetching && cohorts.length === 0 && (
            <Text p="xs" c="var(--hoglet-quiet)">
              {search ? 'No cohort is called so' : 'There are no cohorts yet'}
            </Text>
          )}
        </div>
      </ScrollArea.Autosize>
    </>
  )
}
