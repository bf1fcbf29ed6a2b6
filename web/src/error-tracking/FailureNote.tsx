import { Text } from '@mantine/core'
import classes from './FailureNote.module.css'
import type { Failure } from './failures'

/** Why something could not be resolved, and what to do. */
export function FailureNote({ failure, mild = false }: { failure: Failure; mild?: boolean }) {
  return (
    <div className={`${classes.note} ${mild ? classes.mild : ''}`} role="note" aria-label={failure.title}>
      <Text size="sm" fw={600}>
        {failure.title}
      </Text>
      <Text size="sm">{failure.todo}</Text>
      {failure.detail && (
        <Text
          size="xs"
          mt={4}
          c="var(--hoglet-quiet)"
          className="monospace"
          style={{ overflowWrap: 'anywhere' }}
        >
          {failure.detail}
        </Text>
      )}
    </div>
  )
}
