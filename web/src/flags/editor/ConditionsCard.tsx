import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ConditionDraft, newCondition, newId } from '../draft'
import { ConditionCard } from './ConditionCard'
import { useProblem } from './failure'
import type { Part } from './part'

/** Who gets it: sets of conditions, the first that fits decides. */
export function ConditionsCard({ draft, change }: Part) {
  const { conditions } = draft
  const problem = useProblem()
  const set = (index: number, changed: Partial<ConditionDraft>) =>
    change({ conditions: conditions.map((one, at) => (at === index ? { ...one, ...changed } : one)) })
  const move = (index: number, by: number) => {
    const moved = [...conditions]
    const [one] = moved.splice(index, 1)
    if (one) moved.splice(index + by, 0, one)
    change({ conditions: moved })
  }
  const copy = (index: number) => {
    const one = conditions[index]
    if (!one) return
    const copied = { ...one, id: newId(), others: {} }
    change({ conditions: [...conditions.slice(0, index + 1), copied, ...conditions.slice(index + 1)] })
  }
  const groupType = conditions.at(-1)?.groupType ?? null
  return (
    <Card>
      <Stack gap="md">
        <Group justify="space-between">
          <div>
            <Title order={2}>Who gets it</Title>
            <Text size="sm" c="var(--hoglet-quiet)">
              Sets are tried from the top; the first that fits decides.
            </Text>
          </div>
          <Button
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => change({ conditions: [...conditions, { ...newCondition(0), groupType }] })}
          >
            Add a condition set
          </Button>
        </Group>
        {problem('filters__groups') && (
          <Text size="sm" c="red" role="alert">
            {problem('filters__groups')}
          </Text>
        )}
        {conditions.length === 0 && <Text c="var(--hoglet-quiet)">Nobody gets the flag.</Text>}
        {conditions.map((one, index) => (
          <ConditionCard
            key={one.id}
            condition={one}
            index={index}
            count={conditions.length}
            variants={draft.kind === 'multivariate' ? draft.variants.map(other => other.key) : []}
            onChange={changed => set(index, changed)}
            onMove={by => move(index, by)}
            onCopy={() => copy(index)}
            onRemove={() => change({ conditions: conditions.filter((_, at) => at !== index) })}
          />
        ))}
      </Stack>
    </Card>
  )
}
