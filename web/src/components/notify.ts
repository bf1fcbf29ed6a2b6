/** Short messages at the corner of the window. */
import { notifications } from '@mantine/notifications'
import { errorText, errorTitle, isAborted } from '@/api/errors'

export function notifyDone(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 3_000 })
}

export function notifyFailed(error: unknown): void {
  if (isAborted(error)) return
  const title = errorTitle(error)
  const message = errorText(error)
  notifications.show({ title, message: message === title ? '' : message, color: 'red', autoClose: 8_000 })
}
