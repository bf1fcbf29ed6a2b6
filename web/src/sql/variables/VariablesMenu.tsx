import { Button, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconVariable } from '@tabler/icons-react'
import type { Variable } from '@/api/variable'
import { useMay } from '@/session/roles'
import { NewVariable } from './NewVariable'

interface Props {
  variables: readonly Variable[]
  onInsert: (text: string) => void
}

export function VariablesMenu({ variables, onInsert }: Props) {
  const [isNew, { open, close }] = useDisclosure(false)
  const mayMake = useMay('member')
  const insert = (variable: Variable) => onInsert(`{variables.${variable.code_name}}`)
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="subtle" color="gray" leftSection={<IconVariable size={14} aria-hidden />}>
            Variables
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {variables.length === 0 && (
            <Text size="xs" c="var(--hoglet-quiet)" p="xs">
              A variable is a value that a query leaves open, such as a plan or a day. Dashboards can set it
              for all their queries.
            </Text>
          )}
          {variables.map(one => (
            <Menu.Item
              key={one.id}
              onClick={() => insert(one)}
              rightSection={<Text size="xs">{one.type}</Text>}
            >
              {one.name}
            </Menu.Item>
          ))}
          {mayMake && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={14} />} onClick={open}>
                New variable
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <NewVariable opened={isNew} onClose={close} onMade={insert} />
    </>
  )
}
