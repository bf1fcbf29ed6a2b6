import { Text, Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ago, timeIn } from './format'
import { useTimezone } from './useProject'

interface Props {
  value: string | null | undefined
  precision?: 'day' | 'minute' | 'second'
}

const AGAIN_MS = 30_000

/** A moment in the project's zone; the zone and UTC show on hover. */
export function Time({ value, precision = 'second' }: Props) {
  const zone = useTimezone()
  if (!value) return <Text span>–</Text>
  return (
    <Tooltip label={<Told value={value} zone={zone} />}>
      <time dateTime={value} className="tabular">
        {timeIn(zone, value, precision)}
      </time>
    </Tooltip>
  )
}

/** How long ago it was; the moment shows on hover. */
export function TimeAgo({ value }: { value: string | null | undefined }) {
  const zone = useTimezone()
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick(count => count + 1), AGAIN_MS)
    return () => clearInterval(timer)
  }, [])
  if (!value) return <Text span>–</Text>
  return (
    <Tooltip label={<Told value={value} zone={zone} />}>
      <time dateTime={value}>{ago(value)}</time>
    </Tooltip>
  )
}

function Told({ value, zone }: { value: string; zone: string }) {
  return (
    <>
      {timeIn(zone, value)} ({zone}){zone !== 'UTC' && <div>{timeIn('UTC', value)} (UTC)</div>}
    </>
  )
}
