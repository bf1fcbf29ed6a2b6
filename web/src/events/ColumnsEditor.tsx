import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp, IconColumns, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { FilterSource } from '@/api/propertyFilter'
import { eventProperty, groupProperty, personProperty } from '@/components/hogql'
import { PropertyList } from '@/components/PropertyList'
import { type SourceTab, SourceTabs } from '@/components/SourceTabs'
import { columnTitle } from './columns'
import { DEFAULT_COLUMNS } from './eventsQuery'

interface Props {
  value: string[]
  onChange: (columns: string[]) => void
}

const SOURCES: readonly FilterSource[] = ['event', 'person', 'group', 'hogql']

/** Which columns the table has, and in which order. */
export function ColumnsEditor({ value, onChange }: Props) {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [tab, setTab] = useState<SourceTab>({ source: 'event' })
  const [expression, setExpression] = useState('')
  const add = (column: string) => {
    if (!value.includes(column)) onChange([...value, column])
  }
  const move = (index: number, by: number) => {
    const changed = [...value]
    const [moved] = changed.splice(index, 1)
    if (moved) changed.splice(index + by, 0, moved)
    onChange(changed)
  }
  const choose = (name: string) => {
    if (tab.source === 'person') add(personProperty(name))
    else if (tab.groupTypeIndex !== undefined) add(groupProperty(tab.groupTypeIndex, name))
    else add(eventProperty(name))
  }
  return (
    <Popover opened={opened} onChange={close} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconColumns size={14} aria-hidden />}
          onClick={toggle}
          aria-expanded={opened}
        >
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={340} maw="calc(100vw - 48px)">
          <Group justify="space-between">
            <Text fw={600}>Columns</Text>
            <Button variant="subtle" size="compact-xs" onClick={() => onChange([...DEFAULT_COLUMNS])}>
              Reset
            </Button>
          </Group>
          <Stack gap={2}>
            {value.map((column, index) => (
              <Group key={column} gap={2} wrap="nowrap">
                <Text size="sm" truncate flex={1} title={column}>
                  {columnTitle(column)}
                </Text>
                <ActionIcon
                  size="sm"
                  aria-label={`Move ${columnTitle(column)} up`}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <IconArrowUp size={14} />
                </ActionIcon>
                <ActionIcon
                  size="sm"
                  aria-label={`Move ${columnTitle(column)} down`}
                  disabled={index === value.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <IconArrowDown size={14} />
                </ActionIcon>
                <ActionIcon
                  size="sm"
                  aria-label={`Remove ${columnTitle(column)}`}
                  disabled={value.length === 1}
                  onClick={() => onChange(value.filter(one => one !== column))}
                >
                  <IconX size={14} />
                </ActionIcon>
              </Group>
            ))}
          </Stack>
          <SourceTabs sources={SOURCES} value={tab} onChange={setTab} />
          {tab.source === 'hogql' ? (
            <Group gap="xs" wrap="nowrap">
              <TextInput
                flex={1}
                aria-label="HogQL expression"
                placeholder="properties.amount * 2"
                value={expression}
                onChange={event => setExpression(event.currentTarget.value)}
              />
              <Button
                disabled={!expression.trim()}
                onClick={() => {
                  add(expression.trim())
                  setExpression('')
                }}
              >
                Add
              </Button>
            </Group>
          ) : (
            <PropertyList tab={tab} onChoose={choose} />
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
