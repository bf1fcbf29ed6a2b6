import { Button, Group, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '@/api/keys'
import {
  createSecretKey,
  deleteSecretKey,
  rollSecretKey,
  type SecretKey,
  secretKeysQuery,
} from '@/api/projectSettings'
import { useProjectId } from '@/components/useProject'
import { useSubmit } from '@/session/useSubmit'
import { KeysTable } from '../KeysTable'
import { Section } from '../Section'
import { ShownOnce } from '../ShownOnce'

/** Keys with which servers read this project's flags, without belonging to a person. */
export function SecretKeys() {
  const projectId = useProjectId()
  const client = useQueryClient()
  const found = useQuery(secretKeysQuery(projectId))
  const [label, setLabel] = useState('')
  const [shown, setShown] = useState<SecretKey | null>(null)
  const again = () => client.invalidateQueries({ queryKey: keys.all(projectId, 'project_secret_api_keys') })
  const form = useSubmit(['label'], async () => {
    setShown(await createSecretKey(projectId, label.trim()))
    setLabel('')
    await again()
  })
  return (
    <Section
      title="Secret keys"
      description="With one, a server SDK evaluates this project’s flags by itself. They read flags and nothing else."
    >
      {shown?.value && <ShownOnce title={`The key “${shown.label}”`} value={shown.value} />}
      <KeysTable
        label="Secret keys"
        rows={found.data?.results}
        loading={found.isPending}
        error={found.error}
        onRetry={() => found.refetch()}
        icon={IconKey}
        emptyTitle="No secret keys yet"
        emptyText="Make one for each server that evaluates flags by itself."
        onRoll={async one => {
          setShown(await rollSecretKey(projectId, one.id))
          await again()
        }}
        onDelete={async one => {
          await deleteSecretKey(projectId, one.id)
          setShown(null)
          await again()
        }}
      />
      <form onSubmit={form.onSubmit}>
        <Group align="flex-start" gap="xs">
          <TextInput
            w={260}
            aria-label="Label of the new key"
            placeholder="What it is for"
            maxLength={40}
            value={label}
            onChange={event => setLabel(event.currentTarget.value)}
            error={form.errorOf('label') ?? form.error}
          />
          <Button type="submit" mt={3} variant="default" loading={form.busy} disabled={!label.trim()}>
            Make a secret key
          </Button>
        </Group>
      </form>
    </Section>
  )
}
