import { Group, UnstyledButton, useComputedColorScheme } from '@mantine/core'
import classes from './Chart.module.css'
import { colorOf, type Series } from './series'

interface Props {
  series: Series[]
  hidden: ReadonlySet<string>
  onToggle: (id: string) => void
  /** In one line, which scrolls. */
  isLine?: boolean
}

const SHOWN_MAX = 30

/** Names below the chart; a click turns a series off and on. */
export function Legend({ series, hidden, onToggle, isLine }: Props) {
  const dark = useComputedColorScheme('light') === 'dark'
  return (
    <Group gap="xs" mt="sm" className={classes.legend} data-line={isLine || undefined}>
      {series.slice(0, SHOWN_MAX).map((one, index) => (
        <UnstyledButton
          key={one.id}
          className={classes.name}
          aria-pressed={!hidden.has(one.id)}
          data-hidden={hidden.has(one.id) || undefined}
          onClick={() => onToggle(one.id)}
        >
          <span
            className={classes.dot}
            data-comparison={one.isComparison || undefined}
            style={{ background: one.color ?? colorOf(index, dark) }}
          />
          {one.name}
        </UnstyledButton>
      ))}
      {series.length > SHOWN_MAX && (
        <span className={classes.name}>and {series.length - SHOWN_MAX} more</span>
      )}
    </Group>
  )
}
