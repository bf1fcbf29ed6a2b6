import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormError } from '@/session/FormError'

interface Props {
  title: string
  /** Asked for while it is open. */
  opened: boolean
  name: string
  action: string
  onClose: () => void
  onSave: (name: string) => Promise<unknown>
}

/** Asks for the name of a query. */
export function SaveModal({ title, opened, onClose, ...form }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="sm">
      <NameForm key={form.name} onClose={onClose} {...form} />
    </Modal>
  )
}

function NameForm({ name, action, onClose, onSave }: Omit<Props, 'title' | 'opened'>) {
  const [typed, setTyped] = useState(name)
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  return (
    <form
      onSubmit={async event => {
        event.preventDefault()
        setBusy(true)
        try {
          await onSave(typed.trim())
          onClose()
        } catch (failed) {
          setError((failed as Error).message)
        } finally {
          setBusy(false)
        }
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          required
          maxLength={400}
          data-autofocus
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <FormError>{error}</FormError>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!typed.trim()}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
