import { ActionIcon, Button, Group, Popover, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp, IconColumns, IconX } from '@tabler/icons-react'
import { PropertyName } from './EventName'
import { PropertyList } from './PropertyList'
import type { SourceTab } from './SourceTabs'

interface Props {
  /** Names of properties, in the order of the columns. */
  value: readonly string[]
  /** `undefined` for those that are shown by default. */
  onChange: (columns: string[] | undefined) => void
  tab: SourceTab
}

/** Which properties of persons or groups a table shows. */
export function PropertyColumns({ value, onChange, tab }: Props) {
  const [opened, { toggle, close }] = useDisclosure(false)
  const move = (index: number, by: number) => {
    const changed = [...value]
    const [moved] = changed.splice(index, 1)
    if (moved !== undefined) changed.splice(index + by, 0, moved)
    onChange(changed)
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
        <Stack gap="xs" w={320} maw="calc(100vw - 48px)">
          <Group justify="space-between">
            <Text fw={600}>Columns</Text>
            <Button variant="subtle" size="compact-xs" onClick={() => onChange(undefined)}>
              Reset
            </Button>
          </Group>
          <Stack gap={2}>
            {value.map((name, index) => (
              <Group key={name} gap={2} wrap="nowrap">
                <Text size="sm" truncate flex={1} component="div">
                  <PropertyName name={name} />
                </Text>
                <ActionIcon
                  size="sm"
                  aria-label={`Move ${name} up`}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <IconArrowUp size={14} />
                </ActionIcon>
                <ActionIcon
                  size="sm"
                  aria-label={`Move ${name} down`}
                  disabled={index === value.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <IconArrowDown size={14} />
                </ActionIcon>
                <ActionIcon
                  size="sm"
                  aria-label={`Remove ${name}`}
                  onClick={() => onChange(value.filter(one => one !== name))}
                >
                  <IconX size={14} />
                </ActionIcon>
              </Group>
            ))}
          </Stack>
          <PropertyList
            tab={tab}
            onChoose={name => {
              if (!value.includes(name)) onChange([...value, name])
            }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
