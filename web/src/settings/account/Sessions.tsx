import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconDevices, IconLogout } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { endOtherSessions, endSession, type Session, sessionsQuery } from '@/api/account'
import { ConfirmButton } from '@/components/ConfirmButton'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { notifyDone, notifyFailed } from '@/components/notify'
import { TimeAgo } from '@/components/Time'
import { Section } from '../Section'
import { agentWords } from './agent'

const METHODS = { password: 'Password', oidc: 'Single sign-on', invite: 'Invite', setup: 'Setup' } as const

/** Where one is signed in. */
export function Sessions() {
  const client = useQueryClient()
  const found = useQuery(sessionsQuery())
  const again = () => client.invalidateQueries({ queryKey: sessionsQuery().queryKey })
  const endOthers = () =>
    endOtherSessions()
      .then(again)
      .then(() => notifyDone('You are signed out everywhere else.'), notifyFailed)
  const columns: Column<Session>[] = [
    {
      id: 'where',
      header: 'Where',
      cell: one => (
        <Stack gap={0}>
          <Group gap={6}>
            <Text span inherit title={one.user_agent}>
              {agentWords(one.user_agent)}
            </Text>
            {one.is_current && (
              <Badge size="sm" variant="light" tt="none">
                This one
              </Badge>
            )}
          </Group>
          <Text span size="xs" c="var(--hoglet-quiet)" className="monospace">
            {one.address}
          </Text>
        </Stack>
      ),
    },
    { id: 'how', header: 'By', width: 120, cell: one => METHODS[one.method] },
    { id: 'seen', header: 'Last seen', width: 120, cell: one => <TimeAgo value={one.last_seen_at} /> },
    { id: 'since', header: 'Signed in', width: 120, cell: one => <TimeAgo value={one.created_at} /> },
    {
      id: 'act',
      header: '',
      width: 48,
      cell: one =>
        !one.is_current && (
          <ConfirmButton
            label={`Sign out ${agentWords(one.user_agent)}`}
            icon={<IconLogout size={16} />}
            title="Sign out there?"
            confirmLabel="Sign out"
            onConfirm={async () => {
              await endSession(one.id)
              await again()
            }}
          >
            Whoever sits there has to sign in again.
          </ConfirmButton>
        ),
    },
  ]
  return (
    <Section
      title="Sessions"
      description="Where you are signed in."
      action={
        (found.data?.length ?? 0) > 1 && (
          <Button variant="default" onClick={endOthers}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      <DataTable
        label="Sessions"
        columns={columns}
        rows={found.data}
        rowKey={one => one.id}
        loading={found.isPending}
        error={found.error}
        onRetry={() => found.refetch()}
        minWidth={540}
        empty={<EmptyState icon={IconDevices} title="Nowhere" />}
      />
    </Section>
  )
}
