import {
  ActionIcon,
  Button,
  type ButtonProps,
  Group,
  Modal,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { notifyFailed } from './notify'

interface Props {
  /** The button's words, and the name of an icon button. */
  label: string
  /** Shows an icon button instead. */
  icon?: ReactNode
  title: string
  /** What will happen, and whether it can be undone. */
  children: ReactNode
  confirmLabel?: string
  /** Must be typed before it can be confirmed; for what cannot be undone. */
  typed?: string
  danger?: boolean
  disabled?: boolean
  onConfirm: () => unknown
  buttonProps?: ButtonProps
}

/** A button that asks first. It stays open, told why, if the deed fails. */
export function ConfirmButton(props: Props) {
  const {
    label,
    icon,
    title,
    children,
    confirmLabel = label,
    typed,
    danger = true,
    disabled,
    onConfirm,
  } = props
  const [opened, { open, close }] = useDisclosure(false)
  const [busy, setBusy] = useState(false)
  const [text, setText] = useState('')
  const confirm = async () => {
    setBusy(true)
    try {
      await onConfirm()
      close()
    } catch (error) {
      notifyFailed(error)
    } finally {
      setBusy(false)
      setText('')
    }
  }
  return (
    <>
      {icon ? (
        <Tooltip label={label}>
          <ActionIcon aria-label={label} onClick={open} disabled={disabled}>
            {icon}
          </ActionIcon>
        </Tooltip>
      ) : (
        <Button
          variant="default"
          c={danger ? 'red' : undefined}
          onClick={open}
          disabled={disabled}
          {...props.buttonProps}
        >
          {label}
        </Button>
      )}
      <Modal opened={opened} onClose={close} title={title} size="sm">
        <Stack>
          <Text component="div">{children}</Text>
          {typed && (
            <TextInput
              label={`Type “${typed}” to confirm`}
              value={text}
              onChange={event => setText(event.currentTarget.value)}
              data-autofocus
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              color={danger ? 'red' : undefined}
              loading={busy}
              disabled={typed !== undefined && text !== typed}
              onClick={confirm}
            >
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
