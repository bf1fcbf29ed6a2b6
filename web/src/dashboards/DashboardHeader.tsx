import { ActionIcon, Badge, Button, Group, Menu, Title, Tooltip } from '@mantine/core'
import {
  IconChartHistogram,
  IconCheck,
  IconDots,
  IconLetterT,
  IconMaximize,
  IconMinimize,
  IconPencil,
  IconPlus,
  IconShare,
  IconStar,
  IconStarFilled,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Dashboard } from '@/api/dashboard'
import { PageHeader } from '@/components/PageHeader'
import { ShareDialog } from '@/shared/ShareDialog'
import { AddInsight } from './AddInsight'
import { DashboardMenuItems } from './DashboardMenuItems'
import { EditDetails } from './EditDetails'
import { RefreshControl, type Refreshing } from './RefreshControl'
import { TextEditor } from './TextEditor'
import { useDashboardChange } from './useDashboardChange'

interface Props {
  dashboard: Dashboard
  mayEdit: boolean
  isFull: boolean
  isArranging: boolean
  refreshing: Refreshing
  every: number | undefined
  onEvery: (minutes: number | undefined) => void
  onFull: (on: boolean) => void
  onArrange: (on: boolean) => void
}

type Opened = 'insight' | 'text' | 'share' | 'details' | null

export function DashboardHeader(props: Props) {
  const { dashboard, mayEdit, isFull, isArranging, onFull, onArrange } = props
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  const name = dashboard.name || 'Untitled dashboard'
  return (
    <>
      <PageHeader
        title={name}
        heading={<Heading dashboard={dashboard} name={name} mayEdit={mayEdit} />}
        description={dashboard.description}
        actions={
          <>
            <RefreshControl refreshing={props.refreshing} every={props.every} onEvery={props.onEvery} />
            <Tooltip label={isFull ? 'Leave full screen' : 'Full screen'}>
              <ActionIcon
                variant="default"
                size={30}
                aria-label={isFull ? 'Leave full screen' : 'Full screen'}
                onClick={() => onFull(!isFull)}
              >
                {isFull ? <IconMinimize size={16} /> : <IconMaximize size={16} />}
              </ActionIcon>
            </Tooltip>
            {!isFull && (
              <Button
                variant="default"
                leftSection={<IconShare size={14} aria-hidden />}
                onClick={() => setOpened('share')}
              >
                Share
              </Button>
            )}
            {!isFull && mayEdit && (
              <>
                <Button
                  visibleFrom="md"
                  variant={isArranging ? 'filled' : 'default'}
                  leftSection={
                    isArranging ? <IconCheck size={14} aria-hidden /> : <IconPencil size={14} aria-hidden />
                  }
                  onClick={() => onArrange(!isArranging)}
                  aria-pressed={isArranging}
                >
                  {isArranging ? 'Done' : 'Edit layout'}
                </Button>
                <AddMenu onAdd={setOpened} />
              </>
            )}
            {!isFull && (
              <Menu position="bottom-end" width={220}>
                <Menu.Target>
                  <ActionIcon variant="default" size={30} aria-label="More actions">
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <DashboardMenuItems
                    dashboard={dashboard}
                    mayEdit={mayEdit}
                    leaves
                    onDetails={() => setOpened('details')}
                  />
                </Menu.Dropdown>
              </Menu>
            )}
          </>
        }
      />
      {opened === 'insight' && <AddInsight dashboard={dashboard} onClose={close} />}
      {opened === 'text' && <TextEditor dashboard={dashboard} onClose={close} />}
      {opened === 'details' && <EditDetails dashboard={dashboard} onClose={close} />}
      {opened === 'share' && (
        <ShareDialog what="dashboards" id={dashboard.id} name={name} onClose={close} mayEdit={mayEdit} />
      )}
    </>
  )
}

function Heading({ dashboard, name, mayEdit }: { dashboard: Dashboard; name: string; mayEdit: boolean }) {
  const change = useDashboardChange(dashboard.id)
  const label = dashboard.pinned ? 'Unpin dashboard' : 'Pin dashboard'
  return (
    <Group gap={6}>
      <Title order={1}>{name}</Title>
      {mayEdit && (
        <Tooltip label={label}>
          <ActionIcon
            size="sm"
            aria-label={label}
            aria-pressed={dashboard.pinned}
            onClick={() => change.mutate({ pinned: !dashboard.pinned })}
          >
            {dashboard.pinned ? (
              <IconStarFilled size={16} color="var(--mantine-color-yellow-6)" />
            ) : (
              <IconStar size={16} />
            )}
          </ActionIcon>
        </Tooltip>
      )}
      {dashboard.tags.map(tag => (
        <Badge key={tag} variant="light" color="gray" tt="none" fw={500}>
          {tag}
        </Badge>
      ))}
    </Group>
  )
}

function AddMenu({ onAdd }: { onAdd: (what: 'insight' | 'text') => void }) {
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button leftSection={<IconPlus size={14} aria-hidden />}>Add</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconChartHistogram size={16} aria-hidden />}
          onClick={() => onAdd('insight')}
        >
          Insight
        </Menu.Item>
        <Menu.Item leftSection={<IconLetterT size={16} aria-hidden />} onClick={() => onAdd('text')}>
          Text
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
