import { Skeleton, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { errorText } from '@/api/errors'
import { blastRadiusQuery } from '@/api/flag'
import type { PropertyFilter } from '@/api/propertyFilter'
import { exact } from '@/components/format'
import { isComplete } from '@/components/operators'
import { useProjectId } from '@/components/useProject'

interface Props {
  properties: PropertyFilter[]
  groupType: number | null
  /** Tells how many are left of them by this share. */
  rollout?: number
}

const WAIT_MS = 400

/** How many the filters choose of how many there are, before the roll-out takes its share. */
export function BlastRadius({ properties, groupType, rollout }: Props) {
  const projectId = useProjectId()
  const asked = properties.filter(one => isComplete(one) && one.type !== 'flag')
  const [settled] = useDebouncedValue(JSON.stringify(asked), WAIT_MS)
  const found = useQuery({
    ...blastRadiusQuery(projectId, JSON.parse(settled) as PropertyFilter[], groupType),
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (found.isPending) return <Skeleton h={12} w={180} mt={8} />
  if (found.error) {
    return (
      <Text size="sm" c="var(--hoglet-quiet)" mt={6}>
        How many this is cannot be told: {errorText(found.error)}
      </Text>
    )
  }
  const { affected, total } = found.data
  const share = total > 0 ? ` (${Math.round((affected / total) * 1000) / 10}%)` : ''
  const what = groupType === null ? 'persons' : 'groups'
  const withFlags = properties.some(one => one.type === 'flag')
  return (
    <Text size="sm" c="var(--hoglet-quiet)" mt={6} className="tabular" aria-live="polite">
      {`Fits ${exact(affected)} of ${exact(total)} ${what}${share}`}
      {rollout !== undefined &&
        `; with ${rollout}% rolled out, about ${exact(Math.round((affected * rollout) / 100))}`}
      {withFlags && ', other flags left aside'}
    </Text>
  )
}
