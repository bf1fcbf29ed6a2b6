import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { IconLayoutDashboard } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Flag, makeUsageDashboard } from '@/api/flag'
import { notifyFailed } from '@/components/notify'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { useMay } from '@/session/roles'
import { flagRoute } from '../routes'
import { CalledCard } from './CalledCard'
import { EvaluationsCard } from './EvaluationsCard'

const RANGES = [
  { value: '-24h', label: '24 hours' },
  { value: '-7d', label: '7 days' },
  { value: '-30d', label: '30 days' },
  { value: '-90d', label: '90 days' },
]
const DEFAULT_FROM = '-7d'

/** How often the flag was asked for, and what people got. */
export function UsageTab({ flag }: { flag: Flag }) {
  const [state, change] = useUrlState(flagRoute)
  const from = RANGES.some(one => one.value === state.date_from) ? state.date_from : undefined
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="Time"
          data={RANGES}
          value={from ?? DEFAULT_FROM}
          onChange={chosen => change({ date_from: chosen === DEFAULT_FROM ? undefined : chosen })}
        />
        <DashboardButton flag={flag} />
      </Group>
      <EvaluationsCard flag={flag} from={from ?? DEFAULT_FROM} />
      <CalledCard flag={flag} from={from ?? DEFAULT_FROM} />
    </Stack>
  )
}

function DashboardButton({ flag }: { flag: Flag }) {
  const projectId = useProjectId()
  const navigate = useNavigate()
  const mayChange = useMay('member')
  const [busy, setBusy] = useState(false)
  const open = async () => {
    setBusy(true)
    try {
      const id = await makeUsageDashboard(projectId, flag.id)
      await navigate({ to: `/project/${projectId}/dashboards/${id}` as never })
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  if (!mayChange && flag.usage_dashboard === null) return null
  return (
    <Button
      variant="default"
      leftSection={<IconLayoutDashboard size={14} aria-hidden />}
      onClick={open}
      loading={busy}
    >
      {flag.usage_dashboard === null ? 'Make a usage dashboard' : 'Open the usage dashboard'}
    </Button>
  )
}
