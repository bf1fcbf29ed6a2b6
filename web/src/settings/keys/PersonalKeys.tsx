import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import {
  deletePersonalKey,
  type PersonalKey,
  personalKeysKey,
  personalKeysQuery,
  rollPersonalKey,
} from '@/api/personalKey'
import { KeysTable } from '../KeysTable'
import { Section } from '../Section'
import { ShownOnce } from '../ShownOnce'
import { NewKey } from './NewKey'

/** Keys that act as their owner, within their scopes. */
export function PersonalKeys() {
  const client = useQueryClient()
  const found = useQuery(personalKeysQuery())
  const [shown, setShown] = useState<PersonalKey | null>(null)
  const [opened, { open, close }] = useDisclosure(false)
  const again = () => client.invalidateQueries({ queryKey: personalKeysKey })
  return (
    <Section
      title="Personal API keys"
      description="For scripts and server SDKs. A key does what you may do, within its scopes."
      action={
        <Button leftSection={<IconPlus size={14} aria-hidden />} onClick={open}>
          New key
        </Button>
      }
    >
      {shown?.value && <ShownOnce title={`The key “${shown.label}”`} value={shown.value} />}
      <KeysTable
        label="Personal API keys"
        rows={found.data}
        loading={found.isPending}
        error={found.error}
        onRetry={() => found.refetch()}
        icon={IconKey}
        emptyTitle="No keys yet"
        emptyText="Make one for each script, with no more scopes than it needs."
        onRoll={async one => {
          setShown(await rollPersonalKey(one.id))
          await again()
        }}
        onDelete={async one => {
          await deletePersonalKey(one.id)
          setShown(null)
          await again()
        }}
      />
      <NewKey
        opened={opened}
        onClose={close}
        onMade={made => {
          setShown(made)
          close()
          void again()
        }}
      />
    </Section>
  )
}
