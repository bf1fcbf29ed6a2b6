import { Box } from '@mantine/core'
import { Json } from '@/components/Json'
import type { InsightAnswer } from './answers'

/** The answer of a kind that has no drawing: as it came. */
export function UnknownResult({ result }: { result: InsightAnswer }) {
  return (
    <Box p="sm">
      <Json value={result.results} open={2} />
    </Box>
  )
}
