import { ActionIcon, Badge, Button, Group, Menu, Title, Tooltip } from '@mantine/core'
import {
  IconCopy,
  IconDeviceFloppy,
  IconDots,
  IconLayoutDashboard,
  IconPencil,
  IconShare,
  IconStar,
  IconStarFilled,
  IconTrash,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Insight } from '@/api/insight'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { useMay } from '@/session/roles'
import { ShareDialog } from '@/shared/ShareDialog'
import type { InsightQuery } from '../query/insightQuery'
import { DashboardsDialog } from './DashboardsDialog'
import { EditDetails } from './EditDetails'
import { SaveNew } from './SaveNew'
import { useInsightChange } from './useInsightChange'
import { titleOf, useInsightDeeds } from './useInsightDeeds'

interface Props {
  insight: Insight
  /** The question with changes that are not kept; `null` without any. */
  changed: InsightQuery | null
  onSave: () => Promise<unknown>
  onDiscard: () => void
}

type Opened = 'details' | 'dashboards' | 'share' | null

export function InsightHeader({ insight, changed, onSave, onDiscard }: Props) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const mayEdit = useMay('member')
  const [opened, setOpened] = useState<Opened>(null)
  const [saving, setSaving] = useState(false)
  const { remove, duplicate } = useInsightDeeds()
  const name = titleOf(insight)
  const close = () => setOpened(null)
  const save = () => {
    setSaving(true)
    void onSave().finally(() => setSaving(false))
  }
  return (
    <>
      <PageHeader
        title={name}
        heading={<Heading insight={insight} name={name} mayEdit={mayEdit} />}
        description={changed ? 'Changed, and not saved yet' : insight.description}
        actions={
          <>
            {changed && (
              <Button variant="subtle" onClick={onDiscard}>
                Discard changes
              </Button>
            )}
            {changed && (
              <SaveNew
                query={changed}
                before={insight.query}
                label="Save as new"
                variant="default"
                suggestion={`${name} (copy)`}
              />
            )}
            {changed && mayEdit && (
              <Button
                leftSection={<IconDeviceFloppy size={14} aria-hidden />}
                loading={saving}
                onClick={save}
              >
                Save changes
              </Button>
            )}
            {mayEdit && (
              <Button
                variant="default"
                leftSection={<IconLayoutDashboard size={14} aria-hidden />}
                onClick={() => setOpened('dashboards')}
              >
                {insight.dashboards.length > 0 ? `On ${insight.dashboards.length}` : 'Add to dashboard'}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconShare size={14} aria-hidden />}
              onClick={() => setOpened('share')}
            >
              Share
            </Button>
            {mayEdit && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon variant="default" size={30} aria-label="More actions">
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setOpened('details')}>
                    Edit name, description and tags
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<IconCopy size={14} />}
                    onClick={async () => {
                      const made = await duplicate(insight)
                      if (made) {
                        void navigate({
                          to: '/project/$projectId/insights/$shortId',
                          params: { projectId, shortId: made.short_id },
                        })
                      }
                    }}
                  >
                    Duplicate
                  </Menu.Item>
                  <Menu.Item
                    color="red"
                    leftSection={<IconTrash size={14} />}
                    onClick={async () => {
                      if (await remove(insight)) {
                        void navigate({ to: '/project/$projectId/insights', params: { projectId } })
                      }
                    }}
                  >
                    Delete
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </>
        }
      />
      {opened === 'details' && <EditDetails insight={insight} onClose={close} />}
      {opened === 'dashboards' && <DashboardsDialog insight={insight} onClose={close} />}
      {opened === 'share' && (
        <ShareDialog what="insights" id={insight.id} name={name} mayEdit={mayEdit} onClose={close} />
      )}
    </>
  )
}

function Heading({ insight, name, mayEdit }: { insight: Insight; name: string; mayEdit: boolean }) {
  const change = useInsightChange(insight)
  const label = insight.favorited ? 'Remove from favourites' : 'Add to favourites'
  return (
    <Group gap={6}>
      <Title order={1}>{name}</Title>
      {mayEdit && (
        <Tooltip label={label}>
          <ActionIcon
            size="sm"
            aria-label={label}
            aria-pressed={insight.favorited}
            color={insight.favorited ? 'yellow' : 'gray'}
            onClick={() => change.mutate({ favorited: !insight.favorited })}
          >
            {insight.favorited ? <IconStarFilled size={16} /> : <IconStar size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
      {insight.tags.map(tag => (
        <Badge key={tag} variant="light" color="gray" tt="none" fw={500}>
          {tag}
        </Badge>
      ))}
    </Group>
  )
}
