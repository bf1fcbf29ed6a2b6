import { Button, Menu } from '@mantine/core'
import { IconArrowsJoin, IconArrowsSplit, IconChevronDown, IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Person } from '@/api/person'
import { useProjectId } from '@/components/useProject'
import { DeletePersonDialog } from './DeletePersonDialog'
import { MergeDialog } from './MergeDialog'
import { personsRoute } from './routes'
import { SplitDialog } from './SplitDialog'

interface Props {
  person: Person
  name: string
}

/** What can be done with somebody as a whole. */
export function PersonMenu({ person, name }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const [doing, setDoing] = useState<'merge' | 'split' | 'delete' | null>(null)
  const close = () => setDoing(null)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={12} aria-hidden />}>
            Change
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconArrowsJoin size={14} />} onClick={() => setDoing('merge')}>
            Merge with another person
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowsSplit size={14} />}
            onClick={() => setDoing('split')}
            disabled={person.distinct_ids.length < 2}
          >
            Split by distinct id
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => setDoing('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {doing === 'merge' && <MergeDialog person={person} name={name} onClose={close} />}
      {doing === 'split' && <SplitDialog person={person} onClose={close} />}
      {doing === 'delete' && (
        <DeletePersonDialog
          person={person}
          name={name}
          onClose={close}
          onDeleted={() => navigate({ to: personsRoute.to, params: { projectId } as never })}
        />
      )}
    </>
  )
}
