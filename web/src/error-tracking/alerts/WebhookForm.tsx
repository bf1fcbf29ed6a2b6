import { Alert, Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ALERT_EVENTS, type AlertEvent, type WebhookGiven } from '@/api/issueAlert'
import { useSubmit } from '@/session/useSubmit'

interface Props {
  onSave: (given: WebhookGiven) => Promise<void>
  onCancel: () => void
}

const MEANT: Readonly<Record<AlertEvent, string>> = {
  $error_tracking_issue_created: 'New issues',
  $error_tracking_issue_reopened: 'Issues that come back',
  $error_tracking_issue_spiking: 'Spikes',
}

/** An address, and what it is to hear of. */
export function WebhookForm({ onSave, onCancel }: Props) {
  const [url, setUrl] = useState('')
  const [name, setName] = useState('')
  const [events, setEvents] = useState<string[]>([...ALERT_EVENTS])
  const form = useSubmit(['url', 'name'], () =>
    onSave({ url: url.trim(), name: name.trim(), events: events as AlertEvent[] }),
  )
  return (
    <Stack component="form" gap="sm" onSubmit={form.onSubmit} aria-label="New webhook">
      <Group gap="sm" align="flex-start">
        <TextInput
          flex={2}
          miw={240}
          label="Address"
          placeholder="https://example.org/hooks/errors"
          value={url}
          onChange={event => setUrl(event.currentTarget.value)}
          error={form.errorOf('url')}
        />
        <TextInput
          flex={1}
          miw={180}
          label="Name"
          placeholder="Optional"
          maxLength={400}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          error={form.errorOf('name')}
        />
      </Group>
      <Checkbox.Group label="It hears of" value={events} onChange={setEvents}>
        <Group gap="md" mt={6}>
          {ALERT_EVENTS.map(one => (
            <Checkbox key={one} size="xs" value={one} label={MEANT[one]} />
          ))}
        </Group>
      </Checkbox.Group>
      {form.error && (
        <Alert color="red" p="xs" role="alert">
          {form.error}
        </Alert>
      )}
      <Group gap="xs">
        <Button type="submit" loading={form.busy} disabled={!url.trim() || events.length === 0}>
          Save the webhook
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </Stack>
  )
}
