import { Tooltip } from '@mantine/core'
import { knownEvent, knownProperty } from './eventNames'

/** An event's name; PostHog's own go by the name people know, with the real one on hover. */
export function EventName({ name }: { name: string }) {
  return <Named name={name} known={knownEvent(name)} />
}

export function PropertyName({ name }: { name: string }) {
  return <Named name={name} known={knownProperty(name)} />
}

function Named({ name, known }: { name: string; known: string | undefined }) {
  if (!known) return <span>{name}</span>
  return (
    <Tooltip label={name}>
      <span>{known}</span>
    </Tooltip>
  )
}
