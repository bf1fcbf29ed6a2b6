/** Tells that something is on its way, and then what became of it. */
import { notifications } from '@mantine/notifications'
import { happens } from './poll'

interface Words {
  /** While it is on its way. */
  pending: string
  done: string
  /** Where it takes longer than anybody should watch. */
  late: string
}

/** Whether it happened while somebody watched. */
export async function notifyProgress(words: Words, isDone: () => Promise<boolean>): Promise<boolean> {
  const id = notifications.show({ message: words.pending, loading: true, autoClose: false })
  const happened = await happens(isDone)
  notifications.update({
    id,
    message: happened ? words.done : words.late,
    color: happened ? 'teal' : 'orange',
    loading: false,
    autoClose: happened ? 4_000 : 10_000,
  })
  return happened
}
