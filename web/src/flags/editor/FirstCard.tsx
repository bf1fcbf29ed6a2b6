import { Card, Code, Group, NumberInput, Stack, Switch, Text, Title } from '@mantine/core'
import type { FlagFilters } from '@/api/flag'
import type { HoldoutDraft } from '../draft'
import { OldConditions } from '../OldConditions'
import { useProblem } from './failure'
import { PayloadInput } from './PayloadInput'
import type { Part } from './part'

const NEW_HOLDOUT: HoldoutDraft = { id: 1, exclusion: 10, payload: '' }

/** What decides before the sets of conditions are asked. */
export function FirstCard({ draft, change, filters }: Part & { filters?: FlagFilters }) {
  const problem = useProblem()
  return (
    <Card>
      <Stack gap="md">
        <div>
          <Title order={2}>What comes first</Title>
          <Text size="sm" c="var(--hoglet-quiet)">
            Early access and holdouts decide before the sets above are asked.
          </Text>
        </div>
        <Switch
          label="Early access"
          description={
            <>
              Who said yes or no to it (the person property{' '}
              <Code>$feature_enrollment/{draft.key.trim() || 'key'}</Code>) gets just that
            </>
          }
          checked={draft.enrollment}
          onChange={event => change({ enrollment: event.currentTarget.checked })}
          error={problem('filters__feature_enrollment')}
        />
        <Switch
          label="Hold people out"
          description="A share of all people gets the holdout instead of a variant; the same people in every flag"
          checked={draft.holdout !== null}
          onChange={event => change({ holdout: event.currentTarget.checked ? NEW_HOLDOUT : null })}
          error={problem('filters__holdout')}
        />
        {draft.holdout && <Holdout holdout={draft.holdout} onChange={holdout => change({ holdout })} />}
        {filters && <OldConditions filters={filters} />}
      </Stack>
    </Card>
  )
}

function Holdout(props: { holdout: HoldoutDraft; onChange: (holdout: HoldoutDraft) => void }) {
  const { holdout, onChange } = props
  const problem = useProblem()
  return (
    <Stack gap="md" pl={{ base: 0, xs: 52 }}>
      <Group align="flex-start" gap="md">
        <NumberInput
          w={130}
          label="Held out"
          suffix="%"
          min={0}
          max={100}
          decimalScale={2}
          clampBehavior="strict"
          value={holdout.exclusion}
          onChange={value => onChange({ ...holdout, exclusion: Number(value) || 0 })}
          error={problem('filters__holdout__exclusion_percentage')}
        />
        <NumberInput
          w={150}
          label="Holdout number"
          description={`They get holdout-${holdout.id}`}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={0}
          allowDecimal={false}
          clampBehavior="strict"
          value={holdout.id}
          onChange={value => onChange({ ...holdout, id: Number(value) || 0 })}
          error={problem('filters__holdout__id')}
        />
      </Group>
      <PayloadInput
        label="Payload of the holdout"
        description="JSON that comes with it. Optional"
        value={holdout.payload}
        onChange={payload => onChange({ ...holdout, payload })}
        error={problem(`filters__payloads__holdout-${holdout.id}`)}
      />
    </Stack>
  )
}
