import { useMay } from '@/session/roles'
import { Invites } from './Invites'
import { MembersTable } from './MembersTable'

export function MembersSettings() {
  const isAdmin = useMay('admin')
  return (
    <>
      {isAdmin && <Invites />}
      <MembersTable />
    </>
  )
}
