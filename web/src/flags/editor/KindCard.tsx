import { Card, Checkbox, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { type FlagKind, newVariants, REDACTED } from '../draft'
import { useProblem } from './failure'
import { PayloadInput } from './PayloadInput'
import type { Part } from './part'
import { VariantsEditor } from './VariantsEditor'

const KINDS = [
  { value: 'boolean', label: 'On or off' },
  { value: 'multivariate', label: 'Variants' },
  { value: 'remote', label: 'Remote config' },
]
const SAID: Readonly<Record<FlagKind, string>> = {
  boolean: 'Who is chosen gets true, everybody else false.',
  multivariate: 'Who is chosen gets one of several variants, by their shares.',
  remote: 'A value for code to fetch, the same for everybody.',
}

/** What the flag answers, and what goes with it. */
export function KindCard({ draft, change }: Part) {
  const problem = useProblem()
  const choose = (kind: FlagKind) =>
    change({
      kind,
      ...(kind === 'multivariate' && draft.variants.length === 0 && { variants: newVariants() }),
    })
  return (
    <Card>
      <Stack gap="md">
        <Title order={2}>What it answers</Title>
        <div>
          <SegmentedControl
            aria-label="Type"
            data={KINDS}
            value={draft.kind}
            onChange={kind => choose(kind as FlagKind)}
          />
          <Text size="sm" c="var(--hoglet-quiet)" mt={6}>
            {SAID[draft.kind]}
          </Text>
        </div>
        {draft.kind === 'multivariate' && <VariantsEditor draft={draft} change={change} />}
        {draft.kind === 'boolean' && (
          <PayloadInput
            label="Payload"
            description="JSON that comes with the flag where it is on. Optional"
            value={draft.payload}
            onChange={payload => change({ payload })}
            error={problem('filters__payloads')}
          />
        )}
        {draft.kind === 'remote' && (
          <>
            <PayloadInput
              label="Value"
              description="JSON that code gets when it asks"
              value={draft.payload}
              onChange={payload => change({ payload })}
              error={problem('filters__payloads')}
            />
            <Checkbox
              label="Keep it encrypted"
              description="Nobody sees it here again; server SDKs read it with a personal API key"
              checked={draft.encrypted}
              onChange={event =>
                change({
                  encrypted: event.currentTarget.checked,
                  ...(draft.payload === REDACTED && { payload: '' }),
                })
              }
              error={problem('has_encrypted_payloads')}
            />
          </>
        )}
      </Stack>
    </Card>
  )
}
