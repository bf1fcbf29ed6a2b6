import { Text } from '@mantine/core'
import classes from './DifferenceView.module.css'
import type { Difference } from './differences'
import { lineChanges } from './lineChanges'

/** Before and after, line by line. */
export function DifferenceView({ difference }: { difference: Difference }) {
  const { field, before, after } = difference
  const isShort = !before.includes('\n') && !after.includes('\n')
  if (isShort) {
    return (
      <Text size="sm">
        <strong>{field}</strong> {before ? <del className={classes.gone}>{before}</del> : 'nothing'} →{' '}
        {after ? <ins className={classes.added}>{after}</ins> : 'nothing'}
      </Text>
    )
  }
  return (
    <div>
      <Text size="sm" fw={600}>
        {field}
      </Text>
      <pre className={classes.lines}>
        {lineChanges(before, after).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no names
          <span key={index} className={classes[line.kind]}>
            {`${SIGNS[line.kind]} ${line.text}\n`}
          </span>
        ))}
      </pre>
    </div>
  )
}

const SIGNS = { same: ' ', gone: '−', added: '+' } as const
