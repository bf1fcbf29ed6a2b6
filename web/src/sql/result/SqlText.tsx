import { Box, Text } from '@mantine/core'
import { CopyButton } from '@/components/CopyButton'
import type { SqlAnswer } from '../useSqlRun'
import classes from './SqlText.module.css'

/** What the query became: HogQL with its limits, and what the store ran. */
export function SqlText({ answer }: { answer: SqlAnswer }) {
  return (
    <Box p="sm" style={{ overflow: 'auto', flex: 1, minHeight: 0 }}>
      <Part title="ClickHouse SQL, as it ran" text={answer.clickhouse ?? ''} />
      <Part title="HogQL, as it was understood" text={answer.hogql ?? ''} />
    </Box>
  )
}

function Part({ title, text }: { title: string; text: string }) {
  if (!text) return null
  return (
    <section className={classes.part} aria-label={title}>
      <div className={classes.title}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <CopyButton value={text} what={`Copy the ${title}`} />
      </div>
      <pre className={classes.text}>{text}</pre>
    </section>
  )
}
