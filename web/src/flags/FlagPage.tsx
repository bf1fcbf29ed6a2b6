import { Alert, Button, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type Flag, flagQuery } from '@/api/flag'
import { CopyButton } from '@/components/CopyButton'
import { ErrorState } from '@/components/ErrorState'
import { LoadingCards } from '@/components/Loading'
import { PageHeader } from '@/components/PageHeader'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { FlagActiveSwitch } from './FlagActiveSwitch'
import { FlagMenu } from './FlagMenu'
import { FlagStatusBadge } from './FlagStatusBadge'
import { HistoryTab } from './history/HistoryTab'
import { OverviewTab } from './OverviewTab'
import { editFlagRoute, flagRoute, flagsRoute } from './routes'
import { UsageTab } from './usage/UsageTab'
import { useChangeFlag } from './useChangeFlag'
import { WhoTab } from './who/WhoTab'

const TABS = [
  { value: 'overview', label: 'Overview' },
  { value: 'who', label: 'Who matches' },
  { value: 'usage', label: 'Usage' },
  { value: 'history', label: 'History' },
] as const

export function FlagPage() {
  const projectId = useProjectId()
  const { flagId } = flagRoute.useParams()
  const found = useQuery(flagQuery(projectId, flagId))
  if (found.data) return <Shown flag={found.data} />
  return (
    <>
      <PageHeader title="Feature flag" />
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => found.refetch()} />
      ) : (
        <LoadingCards count={2} height={220} />
      )}
    </>
  )
}

function Shown({ flag }: { flag: Flag }) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const [state, change] = useUrlState(flagRoute)
  const tab = state.tab ?? 'overview'
  return (
    <>
      <PageHeader
        title={flag.key}
        heading={
          <Group gap="xs">
            <Title order={1}>{flag.key}</Title>
            <CopyButton value={flag.key} what="Copy the key" />
            <FlagStatusBadge flag={flag} />
          </Group>
        }
        description={flag.name || undefined}
        actions={
          <>
            <FlagActiveSwitch flag={flag} label={flag.active ? 'On' : 'Off'} />
            {mayChange && !flag.deleted && (
              <Button
                component={Link}
                to={editFlagRoute.to}
                params={{ projectId, flagId: String(flag.id) } as never}
                leftSection={<IconPencil size={14} aria-hidden />}
              >
                Edit
              </Button>
            )}
            <FlagMenu
              flag={flag}
              onDeleted={() => void navigate({ to: flagsRoute.to, params: { projectId } })}
            />
          </>
        }
      />
      {flag.deleted && <Deleted flag={flag} />}
      <Tabs
        value={tab}
        onChange={chosen => change({ tab: chosen === 'overview' ? undefined : (chosen as typeof tab) })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {TABS.map(one => (
            <Tabs.Tab key={one.value} value={one.value}>
              {one.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <OverviewTab flag={flag} />
        </Tabs.Panel>
        <Tabs.Panel value="who">
          <WhoTab flag={flag} />
        </Tabs.Panel>
        <Tabs.Panel value="usage">
          <UsageTab flag={flag} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryTab flag={flag} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Deleted({ flag }: { flag: Flag }) {
  const { change } = useChangeFlag()
  const mayChange = useMay('member')
  return (
    <Alert color="red" title="This flag is deleted" mb="md">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">SDKs do not know it any more.</Text>
        {mayChange && (
          <Button
            variant="default"
            onClick={() => void change(flag, { deleted: false }, `“${flag.key}” is back.`)}
          >
            Restore
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
