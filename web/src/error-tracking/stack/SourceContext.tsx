import { VisuallyHidden } from '@mantine/core'
import type { Context } from '@/api/stackFrame'
import classes from './SourceContext.module.css'

/** The lines around a frame; its own is marked. */
export function SourceContext({ context, label }: { context: Context; label: string }) {
  const others = [...context.before, ...context.after]
  const lines = [...others, context.line].sort((a, b) => a.number - b.number)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too
    <section className={classes.frame} tabIndex={0} aria-label={`Source of ${label}`}>
      <pre className={classes.lines}>
        {lines.map(one => {
          const isCrash = one === context.line
          return (
            <div key={one.number} className={`${classes.line} ${isCrash ? classes.crash : ''}`}>
              <span className={classes.number}>{one.number}</span>
              <code className={classes.text}>
                {isCrash && <VisuallyHidden>This line: </VisuallyHidden>}
                {one.line || ' '}
              </code>
            </div>
          )
        })}
      </pre>
    </section>
  )
}
