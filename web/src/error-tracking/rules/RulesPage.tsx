import { Box, SegmentedControl, Stack, Text } from '@mantine/core'
import { RULE_KINDS, type RuleKind } from '@/api/issueRule'
import { useUrlState } from '@/components/useUrlState'
import { rulesRoute } from '../routes'
import { SectionHeader } from '../SectionHeader'
import { KINDS } from './kinds'
import { RuleList } from './RuleList'

interface RulesState {
  /** Absent: suppression. */
  kind?: Exclude<RuleKind, 'suppression'>
}

/** Rules by which exceptions are dropped, gathered, assigned and weighed as they come in. */
export function RulesPage() {
  const [state, change] = useUrlState<RulesState>(rulesRoute)
  const kind = state.kind ?? 'suppression'
  return (
    <>
      <SectionHeader
        title="Error tracking rules"
        description="What happens to exceptions as they come in. Of each kind the first rule that matches counts."
      />
      <Stack gap="md" maw={900}>
        <Box style={{ overflowX: 'auto' }}>
          <SegmentedControl
            size="xs"
            aria-label="Kind of rule"
            value={kind}
            onChange={chosen =>
              change({ kind: chosen === 'suppression' ? undefined : (chosen as 'grouping') })
            }
            data={RULE_KINDS.map(one => ({ value: one, label: KINDS[one].label }))}
          />
        </Box>
        <Text c="var(--hoglet-quiet)">{KINDS[kind].told}</Text>
        <RuleList key={kind} kind={kind} />
      </Stack>
    </>
  )
}
