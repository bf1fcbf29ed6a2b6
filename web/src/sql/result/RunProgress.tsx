import { Progress, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { bytes, compact } from '@/components/format'
import type { SqlRun } from '../useSqlRun'

const TICK_MS = 100
/** What is over sooner needs no telling. */
const QUIET_MS = 400

/** How long a query runs already, and how much of the data it has read. */
export function RunProgress({ run }: { run: SqlRun }) {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  const since_ms = now - (run.startedAt_ms ?? now)
  if (since_ms < QUIET_MS) return null
  const { rows_read = 0, bytes_read = 0, estimated_rows_total = 0 } = run.progress ?? {}
  const share = estimated_rows_total > 0 ? Math.min(100, (rows_read / estimated_rows_total) * 100) : 0
  return (
    <div>
      <Progress
        value={share || 100}
        animated={share === 0}
        striped={share === 0}
        size={3}
        radius={0}
        aria-label="Running"
      />
      <Text size="xs" c="var(--hoglet-quiet)" px="sm" pt={6}>
        {(since_ms / 1000).toFixed(1)} s
        {rows_read > 0 && ` · ${compact(rows_read)} rows, ${bytes(bytes_read)} read`}
      </Text>
    </div>
  )
}
