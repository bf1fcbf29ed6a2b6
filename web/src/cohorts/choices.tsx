import { Button, Popover } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cohortQuery } from '@/api/cohort'
import type { PropertyFilter } from '@/api/propertyFilter'
import { CohortList } from '@/components/CohortList'
import { FilterEditor } from '@/components/FilterEditor'
import { FilterPill } from '@/components/FilterPill'
import { useProjectId } from '@/components/useProject'
import type { InCohort, OfPerson } from './criteria'

interface Props<T> {
  value: T
  onChange: (value: T) => void
}

/** A property of persons, and what must be said of it. */
export function PersonCondition({ value, onChange }: Props<OfPerson>) {
  const [opened, { toggle, close }] = useDisclosure(false)
  return (
    <Popover opened={opened} onChange={open => !open && close()} position="bottom-start" trapFocus>
      <Popover.Target>
        {value.key ? (
          <FilterPill filter={value} onClick={toggle} />
        ) : (
          <Button
            variant="default"
            rightSection={<IconChevronDown size={12} aria-hidden />}
            onClick={toggle}
            aria-expanded={opened}
          >
            Choose a property
          </Button>
        )}
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <FilterEditor
          initial={value.key ? (value as PropertyFilter) : undefined}
          sources={['person']}
          onDone={filter => {
            onChange({ ...filter, type: 'person', ...(value.negation && { negation: true }) })
            close()
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

/** Another cohort. */
export function CohortChoice({ value, onChange }: Props<InCohort>) {
  const projectId = useProjectId()
  const [opened, { toggle, close }] = useDisclosure(false)
  const [chosen, setChosen] = useState<{ id: number; name: string }>()
  const isKnown = value.value === null || chosen?.id === value.value
  const found = useQuery({ ...cohortQuery(projectId, value.value ?? 0), enabled: !isKnown })
  const name = isKnown ? chosen?.name : found.data?.name
  return (
    <Popover opened={opened} onChange={open => !open && close()} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={12} aria-hidden />}
          onClick={toggle}
          aria-expanded={opened}
        >
          {value.value === null ? 'Choose a cohort' : name || `Cohort ${value.value}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm" w={320}>
        <CohortList
          onChoose={(id, called) => {
            setChosen({ id, name: called })
            onChange({ ...value, value: id })
            close()
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
