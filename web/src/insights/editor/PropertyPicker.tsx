import { Button, Group, Popover, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { FilterSource } from '@/api/propertyFilter'
import { CohortList } from '@/components/CohortList'
import { PropertyList } from '@/components/PropertyList'
import { type SourceTab, SourceTabs } from '@/components/SourceTabs'

export interface PropertyChosen {
  source: FilterSource
  property: string | number
  groupTypeIndex?: number
  /** Of a cohort. */
  name?: string
}

interface Props {
  label: string
  children: ReactNode
  sources: readonly FilterSource[]
  eventNames?: string[]
  numerical?: boolean
  leftSection?: ReactNode
  onChoose: (chosen: PropertyChosen) => void
}

/** A button that opens the lists of properties, cohorts, and a field for HogQL. */
export function PropertyPicker(props: Props) {
  const { label, children, sources, eventNames, numerical, leftSection, onChoose } = props
  const [opened, setOpened] = useState(false)
  const [tab, setTab] = useState<SourceTab>({ source: sources[0] ?? 'event' })
  const [expression, setExpression] = useState('')
  const choose = (property: string | number, name?: string) => {
    onChoose({ source: tab.source, property, groupTypeIndex: tab.groupTypeIndex, name })
    setExpression('')
    setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={leftSection}
          onClick={() => setOpened(!opened)}
          aria-expanded={opened}
          aria-label={label}
          maw="100%"
          style={{ alignSelf: 'flex-start' }}
        >
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <Stack gap="xs" w={340} maw="calc(100vw - 48px)">
          <SourceTabs sources={sources} value={tab} onChange={setTab} />
          {tab.source === 'cohort' && <CohortList onChoose={choose} />}
          {tab.source === 'hogql' && (
            <Group gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                aria-label="HogQL expression"
                placeholder="properties.amount > 100"
                value={expression}
                onChange={event => setExpression(event.currentTarget.value)}
                data-autofocus
              />
              <Button disabled={!expression.trim()} onClick={() => choose(expression.trim())}>
                Use
              </Button>
            </Group>
          )}
          {tab.source !== 'cohort' && tab.source !== 'hogql' && (
            <PropertyList
              tab={tab}
              eventNames={eventNames}
              numerical={numerical && tab.source !== 'session'}
              onChoose={name => choose(name)}
            />
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
