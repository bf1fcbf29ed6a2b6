import { Text } from '@mantine/core'
import { CopyButton } from '@/components/CopyButton'
import classes from './CodeStep.module.css'
import type { Step } from './sdks'

/** Some lines of code, ready to be copied. */
export function CodeStep({ number, step }: { number: number; step: Step }) {
  return (
    <div>
      <Text fw={500} mb={6}>
        {number}. {step.title}
        {step.file && (
          <Text span c="var(--hoglet-quiet)" size="sm" className="monospace" ml={6}>
            {step.file}
          </Text>
        )}
      </Text>
      <div className={classes.frame}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard too */}
        <section className={classes.code} tabIndex={0} aria-label={step.title}>
          <pre>
            <code>{step.code}</code>
          </pre>
        </section>
        <div className={classes.copy}>
          <CopyButton value={step.code} what={`Copy: ${step.title}`} />
        </div>
      </div>
    </div>
  )
}
