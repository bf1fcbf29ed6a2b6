import { ActionIcon, Button, Card, Group, Tooltip } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmButton } from './ConfirmButton'
import { PropertiesTable } from './PropertiesTable'
import { PropertyDialog } from './PropertyDialog'
import { SearchInput } from './SearchInput'

interface Props {
  properties: Record<string, unknown>
  mayChange: boolean
  onSet: (name: string, value: unknown) => Promise<unknown>
  onDelete: (name: string) => Promise<unknown>
}

/** Properties to search, change, add and delete. */
export function PropertiesEditor({ properties, mayChange, onSet, onDelete }: Props) {
  const [search, setSearch] = useState<string>()
  const [editing, setEditing] = useState<{ name?: string } | null>(null)
  return (
    <Card padding="sm">
      <Group justify="space-between" mb="sm" gap="xs">
        <SearchInput label="Search properties" value={search} onChange={setSearch} w={260} />
        {mayChange && (
          <Button
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setEditing({})}
          >
            Add property
          </Button>
        )}
      </Group>
      <PropertiesTable
        properties={properties}
        search={search}
        actions={
          mayChange
            ? key => (
                <>
                  <Tooltip label={`Change ${key}`}>
                    <ActionIcon
                      size="sm"
                      aria-label={`Change ${key}`}
                      onClick={() => setEditing({ name: key })}
                    >
                      <IconPencil size={14} />
                    </ActionIcon>
                  </Tooltip>
                  <ConfirmButton
                    label={`Delete ${key}`}
                    icon={<IconTrash size={14} />}
                    title={`Delete ${key}?`}
                    confirmLabel="Delete"
                    onConfirm={() => onDelete(key)}
                  >
                    The value is taken away. Events keep what they were sent with.
                  </ConfirmButton>
                </>
              )
            : undefined
        }
      />
      {editing && (
        <PropertyDialog
          name={editing.name}
          value={editing.name === undefined ? undefined : properties[editing.name]}
          onSave={onSet}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  )
}
