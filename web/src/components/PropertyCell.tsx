import { Text } from '@mantine/core'
import { Time } from './Time'

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

/** A property's value in one line of a table. */
export function PropertyCell({ value }: { value: unknown }) {
  if (value === null || value === undefined || value === '') {
    return (
      <Text span inherit c="var(--hoglet-quiet)">
        –
      </Text>
    )
  }
  if (typeof value === 'string' && TIME.test(value)) return <Time value={value} precision="minute" />
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return (
    <Text span inherit truncate display="block" maw={280} title={shown}>
      {shown}
    </Text>
  )
}
