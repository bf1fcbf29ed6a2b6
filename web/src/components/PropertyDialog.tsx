import {
  Button,
  Group,
  Modal,
  NativeSelect,
  SegmentedControl,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { notifyFailed } from './notify'
import { kindOfValue, textOfValue, VALUE_KINDS, type ValueKind, valueOfText } from './propertyValue'

interface Props {
  /** The property to change; without one a new one is made. */
  name?: string
  value?: unknown
  onSave: (name: string, value: unknown) => Promise<unknown>
  onClose: () => void
}

/** Sets one property to a value of the kind one chooses. */
export function PropertyDialog({ name, value, onSave, onClose }: Props) {
  const [key, setKey] = useState(name ?? '')
  const [kind, setKind] = useState<ValueKind>(name === undefined ? 'text' : kindOfValue(value))
  const [text, setText] = useState(textOfValue(value))
  const [busy, setBusy] = useState(false)
  const meant = valueOfText(kind, text)
  const isWrong = meant === undefined
  const save = async () => {
    setBusy(true)
    try {
      await onSave(key.trim(), meant)
      onClose()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
    }
  }
  const choose = (chosen: ValueKind) => {
    setKind(chosen)
    if (chosen === 'boolean' && valueOfText('boolean', text) === undefined) setText('true')
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={name === undefined ? 'Add a property' : `Change ${name}`}
      size="md"
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (key.trim() && !isWrong) void save()
        }}
      >
        <Stack gap="sm">
          {name === undefined && (
            <TextInput
              label="Name"
              value={key}
              maxLength={1000}
              onChange={event => setKey(event.currentTarget.value)}
              data-autofocus
            />
          )}
          <NativeSelect
            label="Kind"
            data={[...VALUE_KINDS]}
            value={kind}
            onChange={event => choose(event.currentTarget.value as ValueKind)}
          />
          {kind === 'boolean' ? (
            <SegmentedControl
              aria-label="Value"
              data={['true', 'false']}
              value={text === 'false' ? 'false' : 'true'}
              onChange={setText}
            />
          ) : (
            <Textarea
              label="Value"
              autosize
              minRows={kind === 'json' ? 4 : 1}
              maxRows={16}
              classNames={kind === 'json' ? { input: 'monospace' } : undefined}
              value={text}
              onChange={event => setText(event.currentTarget.value)}
              error={
                isWrong && text.trim() !== '' && (kind === 'number' ? 'This is no number' : 'This is no JSON')
              }
              data-autofocus={name !== undefined || undefined}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!key.trim() || isWrong}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
