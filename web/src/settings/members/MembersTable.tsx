import { ActionIcon, Badge, Group, Menu, Select, Stack, Text } from '@mantine/core'
import { IconDots, IconUsers } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import {
  changeRole,
  type Member,
  makePasswordLink,
  membersKey,
  membersQuery,
  removeMember,
  takeSecondFactor,
} from '@/api/member'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { notifyDone, notifyFailed } from '@/components/notify'
import { TimeAgo } from '@/components/Time'
import { useProject } from '@/components/useProject'
import { userName } from '@/components/userName'
import { type Role, reaches, useMay } from '@/session/roles'
import { useSession } from '@/session/session'
import { Section } from '../Section'
import { ShownOnce } from '../ShownOnce'
import { Question } from './Question'
import { givable } from './roleWords'

type Asked = { member: Member; about: 'remove' | 'password' | 'second factor' } | null

/** Who belongs to the organisation, and as what. */
export function MembersTable() {
  const organizationId = useProject().organization
  const client = useQueryClient()
  const me = useSession()
  const isAdmin = useMay('admin')
  const found = useQuery(membersQuery(organizationId))
  const [asked, setAsked] = useState<Asked>(null)
  const [link, setLink] = useState<{ name: string; link: string } | null>(null)
  const myRole = me.organization?.role
  const again = () => client.invalidateQueries({ queryKey: membersKey(organizationId) })
  const setRole = async (member: Member, role: Role) => {
    try {
      await changeRole(organizationId, member.user.uuid, role)
      notifyDone(`${userName(member.user)} is ${role === 'admin' || role === 'owner' ? 'an' : 'a'} ${role}.`)
      await again()
    } catch (error) {
      notifyFailed(error)
    }
  }
  const confirm = async () => {
    if (!asked) return
    const { member, about } = asked
    if (about === 'remove') await removeMember(organizationId, member.user.uuid)
    else if (about === 'second factor') await takeSecondFactor(organizationId, member.user.uuid)
    else {
      const made = await makePasswordLink(organizationId, member.user.uuid)
      setLink({ name: userName(member.user), link: made.link })
    }
    await again()
  }
  const isMine = (one: Member) => one.user.uuid === me.uuid
  const mayTouch = (one: Member) => isAdmin && !isMine(one) && reaches(myRole, one.role)
  const columns: Column<Member>[] = [
    {
      id: 'name',
      header: 'Name',
      cell: one => (
        <Stack gap={0}>
          <Group gap={6}>
            <Text span inherit fw={600}>
              {userName(one.user)}
            </Text>
            {isMine(one) && (
              <Badge size="sm" variant="light" tt="none">
                You
              </Badge>
            )}
          </Group>
          <Text span size="xs" c="var(--hoglet-quiet)">
            {one.user.email}
          </Text>
        </Stack>
      ),
    },
    {
      id: 'role',
      header: 'Role',
      width: 150,
      cell: one =>
        mayTouch(one) ? (
          <Select
            size="xs"
            aria-label={`Role of ${userName(one.user)}`}
            data={givable(myRole).map(({ value, label }) => ({ value, label }))}
            value={one.role}
            onChange={role => role && void setRole(one, role as Role)}
            allowDeselect={false}
          />
        ) : (
          <Text span inherit tt="capitalize">
            {one.role}
          </Text>
        ),
    },
    {
      id: 'factor',
      header: 'Second factor',
      width: 120,
      cell: one => (one.is_2fa_enabled ? 'On' : 'Off'),
    },
    {
      id: 'seen',
      header: 'Last sign-in',
      width: 130,
      cell: one => (one.last_login ? <TimeAgo value={one.last_login} /> : 'Never'),
    },
    {
      id: 'more',
      header: '',
      width: 48,
      cell: one =>
        mayTouch(one) && <MemberMenu member={one} onAsk={about => setAsked({ member: one, about })} />,
    },
  ]
  return (
    <Section title="Members">
      {link && (
        <ShownOnce title={`A link for ${link.name} to choose a new password`} value={link.link}>
          Hand it over yourself; no mail is sent. It works once, and is shown only now.
        </ShownOnce>
      )}
      <DataTable
        label="Members"
        columns={columns}
        rows={found.data?.results}
        rowKey={one => one.id}
        loading={found.isPending}
        error={found.error}
        onRetry={() => found.refetch()}
        minWidth={620}
        empty={<EmptyState icon={IconUsers} title="Nobody" />}
      />
      {asked && (
        <Question
          asked={asked.about}
          name={userName(asked.member.user)}
          onConfirm={confirm}
          onClose={() => setAsked(null)}
        />
      )}
    </Section>
  )
}

interface MenuProps {
  member: Member
  onAsk: (about: 'remove' | 'password' | 'second factor') => void
}

function MemberMenu({ member, onAsk }: MenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`More for ${userName(member.user)}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk('password')}>Make a link for a new password</Menu.Item>
        {member.is_2fa_enabled && (
          <Menu.Item onClick={() => onAsk('second factor')}>Take away the second factor</Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" onClick={() => onAsk('remove')}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
