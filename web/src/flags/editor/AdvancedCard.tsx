import { Card, Select, SimpleGrid, Stack, Switch, TagsInput, Title } from '@mantine/core'
import type { FlagBucketing, FlagRuntime } from '@/api/flag'
import { useProblem } from './failure'
import type { Part } from './part'

const RUNTIMES = [
  { value: 'all', label: 'Everywhere' },
  { value: 'client', label: 'Browsers and apps only' },
  { value: 'server', label: 'Servers only' },
]
const BUCKETINGS = [
  { value: 'distinct_id', label: 'Person (distinct id)' },
  { value: 'device_id', label: 'Device' },
]

/** How it is evaluated: what most flags leave alone. */
export function AdvancedCard({ draft, change }: Part) {
  const problem = useProblem()
  const byDevice = draft.bucketing === 'device_id'
  return (
    <Card>
      <Stack gap="md">
        <Title order={2}>How it is evaluated</Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <Select
            label="Evaluation runtime"
            description="Other SDKs do not see the flag"
            data={RUNTIMES}
            allowDeselect={false}
            value={draft.runtime}
            onChange={runtime => change({ runtime: runtime as FlagRuntime })}
            error={problem('evaluation_runtime')}
          />
          <Select
            label="Roll out by"
            description="What keeps getting the same answer"
            data={BUCKETINGS}
            allowDeselect={false}
            value={draft.bucketing}
            onChange={bucketing =>
              change({
                bucketing: bucketing as FlagBucketing,
                ...(bucketing === 'device_id' && { continuity: false }),
              })
            }
            error={problem('bucketing_identifier')}
          />
        </SimpleGrid>
        <TagsInput
          size="sm"
          label="Evaluation contexts"
          description="SDKs that name contexts get the flag only if they name one of these. Empty: all get it"
          placeholder={draft.contexts.length > 0 ? '' : 'main-app, docs'}
          value={draft.contexts}
          onChange={contexts => change({ contexts })}
          acceptValueOnBlur
          error={problem('evaluation_contexts')}
        />
        <Switch
          label="Keep the answer when somebody signs in"
          description={
            byDevice
              ? 'Not with roll-out by device, which keeps it anyway'
              : 'Who had a variant while anonymous keeps it afterwards. Server SDKs cannot evaluate such flags alone'
          }
          checked={draft.continuity}
          disabled={byDevice}
          onChange={event => change({ continuity: event.currentTarget.checked })}
          error={problem('ensure_experience_continuity')}
        />
        <Switch
          label="Stop at the first set that fits"
          description="Who fits a set but falls outside its roll-out gets nothing, without trying the next sets"
          checked={draft.earlyExit}
          onChange={event => change({ earlyExit: event.currentTarget.checked })}
          error={problem('filters__early_exit')}
        />
      </Stack>
    </Card>
  )
}
