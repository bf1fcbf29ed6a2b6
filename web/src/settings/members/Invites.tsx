import { Button, Group, Select, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createInvite, type Invite, invitesKey, invitesQuery, takeBackInvite } from '@/api/member'
import { ConfirmButton } from '@/components/ConfirmButton'
import { type Column, DataTable } from '@/components/DataTable'
import { TimeAgo } from '@/components/Time'
import { useProject } from '@/components/useProject'
import type { Role } from '@/session/roles'
import { useSession } from '@/session/session'
import { useSubmit } from '@/session/useSubmit'
import { Section } from '../Section'
import { ShownOnce } from '../ShownOnce'
import { givable, ROLES } from './roleWords'

/** Links by which others join, and those that nobody has taken yet. */
export function Invites() {
  const organizationId = useProject().organization
  const client = useQueryClient()
  const me = useSession()
  const found = useQuery(invitesQuery(organizationId))
  const [role, setRole] = useState<Role>('member')
  const [email, setEmail] = useState('')
  const [made, setMade] = useState<Invite | null>(null)
  const again = () => client.invalidateQueries({ queryKey: invitesKey(organizationId) })
  const form = useSubmit(['target_email', 'role'], async () => {
    setMade(await createInvite(organizationId, { role, ...(email.trim() && { target_email: email.trim() }) }))
    setEmail('')
    await again()
  })
  const columns: Column<Invite>[] = [
    { id: 'for', header: 'For', cell: one => one.target_email ?? 'Whoever has the link' },
    {
      id: 'role',
      header: 'Role',
      width: 110,
      cell: one => (
        <Text span inherit tt="capitalize">
          {one.role}
        </Text>
      ),
    },
    {
      id: 'expires',
      header: 'Ends',
      width: 130,
      cell: one => (one.is_expired ? 'Has ended' : <TimeAgo value={one.expires_at} />),
    },
    {
      id: 'act',
      header: '',
      width: 48,
      cell: one => (
        <ConfirmButton
          label={`Take back the invite for ${one.target_email ?? 'whoever has the link'}`}
          icon={<IconX size={16} />}
          title="Take back this invite?"
          confirmLabel="Take it back"
          onConfirm={async () => {
            await takeBackInvite(organizationId, one.id)
            if (made?.id === one.id) setMade(null)
            await again()
          }}
        >
          Its link opens nothing from now on.
        </ConfirmButton>
      ),
    },
  ]
  const rows = found.data?.results ?? []
  return (
    <Section
      title="Invite somebody"
      description="You get a link to hand over; no mail is sent. It works once."
    >
      {made?.link && <ShownOnce title="The link" value={made.link} />}
      <form onSubmit={form.onSubmit}>
        <Group align="flex-start" gap="xs">
          <TextInput
            flex={1}
            miw={220}
            type="email"
            label="Address"
            placeholder="Empty: for whoever has the link"
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
            error={form.errorOf('target_email') ?? form.error}
          />
          <Select
            w={140}
            label="Role"
            data={givable(me.organization?.role).map(({ value, label }) => ({ value, label }))}
            value={role}
            onChange={chosen => chosen && setRole(chosen as Role)}
            allowDeselect={false}
            error={form.errorOf('role')}
          />
          <Button type="submit" mt={25} loading={form.busy}>
            Make a link
          </Button>
        </Group>
        <Text size="xs" c="var(--hoglet-quiet)" mt={6}>
          {ROLES.find(one => one.value === role)?.may}
        </Text>
      </form>
      {rows.length > 0 && (
        <DataTable label="Open invites" columns={columns} rows={rows} rowKey={one => one.id} minWidth={460} />
      )}
    </Section>
  )
}
