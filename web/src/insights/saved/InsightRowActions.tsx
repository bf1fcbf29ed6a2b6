import { ActionIcon, Group, Menu, Tooltip } from '@mantine/core'
import {
  IconCopy,
  IconDots,
  IconLayoutDashboard,
  IconPencil,
  IconStar,
  IconStarFilled,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Insight } from '@/api/insight'
import { notifyDone } from '@/components/notify'
import { DashboardsDialog } from './DashboardsDialog'
import { EditDetails } from './EditDetails'
import { useInsightChange } from './useInsightChange'
import { titleOf, useInsightDeeds } from './useInsightDeeds'

/** What can be done with an insight in the list. */
export function InsightRowActions({ insight }: { insight: Insight }) {
  const change = useInsightChange(insight)
  const { remove, duplicate } = useInsightDeeds()
  const [opened, setOpened] = useState<'details' | 'dashboards' | null>(null)
  const name = titleOf(insight)
  const label = insight.favorited ? `Remove ${name} from favourites` : `Add ${name} to favourites`
  return (
    <Group gap={2} justify="flex-end" wrap="nowrap">
      <Tooltip label={insight.favorited ? 'Remove from favourites' : 'Add to favourites'}>
        <ActionIcon
          size="sm"
          aria-label={label}
          aria-pressed={insight.favorited}
          color={insight.favorited ? 'yellow' : 'gray'}
          onClick={() => change.mutate({ favorited: !insight.favorited })}
        >
          {insight.favorited ? <IconStarFilled size={15} /> : <IconStar size={15} />}
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="sm" aria-label={`More for ${name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setOpened('details')}>
            Edit name, description and tags
          </Menu.Item>
          <Menu.Item leftSection={<IconLayoutDashboard size={14} />} onClick={() => setOpened('dashboards')}>
            Add to dashboard
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={14} />}
            onClick={async () => {
              const made = await duplicate(insight)
              if (made) notifyDone(`“${titleOf(made)}” is made`)
            }}
          >
            Duplicate
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => void remove(insight)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened === 'details' && <EditDetails insight={insight} onClose={() => setOpened(null)} />}
      {opened === 'dashboards' && <DashboardsDialog insight={insight} onClose={() => setOpened(null)} />}
    </Group>
  )
}
