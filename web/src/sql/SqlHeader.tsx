import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconLayoutSidebar } from '@tabler/icons-react'
import type { Insight } from '@/api/insight'
import { PageHeader } from '@/components/PageHeader'
import { useMay } from '@/session/roles'

interface Props {
  insight: Insight | undefined
  isChanged: boolean
  isEmpty: boolean
  onSide: () => void
  onNew: () => void
  onSave: () => void
  onSaveAs: () => void
  onRename: (insight: Insight) => void
  onDelete: (insight: Insight) => void
}

export function SqlHeader({ insight, isChanged, isEmpty, ...act }: Props) {
  const maySave = useMay('member')
  const about = isChanged ? 'Changed, not saved yet' : 'A saved query'
  return (
    <PageHeader
      title={insight?.name || 'SQL editor'}
      description={insight ? about : 'Ask anything in HogQL'}
      actions={
        <>
          <Button
            variant="default"
            hiddenFrom="md"
            leftSection={<IconLayoutSidebar size={14} aria-hidden />}
            onClick={act.onSide}
          >
            Tables and queries
          </Button>
          <Button variant="default" onClick={act.onNew}>
            New query
          </Button>
          {maySave && (
            <Button.Group>
              <Button onClick={act.onSave} disabled={isEmpty} variant="default">
                Save
              </Button>
              {insight && (
                <Menu position="bottom-end">
                  <Menu.Target>
                    <Button variant="default" px={6} aria-label="More ways to save">
                      <IconChevronDown size={14} />
                    </Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={act.onSaveAs}>Save as a new query</Menu.Item>
                    <Menu.Item onClick={() => act.onRename(insight)}>Rename</Menu.Item>
                    <Menu.Item c="red" onClick={() => act.onDelete(insight)}>
                      Delete
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              )}
            </Button.Group>
          )}
        </>
      }
    />
  )
}
