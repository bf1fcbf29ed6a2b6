import { ActionIcon, Group, NativeSelect, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Json } from '@/components/Json'
import { BehaviorFields } from './BehaviorFields'
import classes from './CriterionRow.module.css'
import { CohortChoice, PersonCondition } from './choices'
import { type Criterion, type CriterionKind, criterionOf, kindOf } from './criteria'

interface Props {
  name: string
  value: Criterion
  onChange: (criterion: Criterion) => void
  onRemove?: () => void
}

const KINDS: readonly { group: string; items: { value: CriterionKind; label: string }[] }[] = [
  { group: 'Person', items: [{ value: 'person', label: 'have the property' }] },
  { group: 'Cohort', items: [{ value: 'cohort', label: 'are in the cohort' }] },
  {
    group: 'Behaviour',
    items: [
      { value: 'performed_event', label: 'did' },
      { value: 'performed_event_multiple', label: 'did a number of times' },
      { value: 'performed_event_first_time', label: 'did for the first time' },
      { value: 'performed_event_regularly', label: 'did regularly' },
      { value: 'performed_event_sequence', label: 'did one thing, then another' },
      { value: 'stopped_performing_event', label: 'stopped doing' },
      { value: 'restarted_performing_event', label: 'started doing again' },
    ],
  },
]

/** One thing that must, or must not, be so of a person. */
export function CriterionRow({ name, value, onChange, onRemove }: Props) {
  const kind = kindOf(value)
  return (
    <fieldset className={classes.row} aria-label={name}>
      {value.type === 'kept' || kind === null ? (
        <div className={classes.fields}>
          <Text c="var(--hoglet-quiet)">Made by the API and kept as it is</Text>
          {value.type === 'kept' && <Json value={value.given} open={0} />}
        </div>
      ) : (
        <div className={classes.fields}>
          <NativeSelect
            size="xs"
            aria-label="Must or must not"
            value={value.negation ? 'not' : 'must'}
            onChange={event => {
              const { negation: _, ...others } = value
              onChange({
                ...others,
                ...(event.currentTarget.value === 'not' && { negation: true }),
              } as Criterion)
            }}
            data={[
              { value: 'must', label: 'those who' },
              { value: 'not', label: 'except those who' },
            ]}
          />
          <NativeSelect
            size="xs"
            aria-label="Kind of criterion"
            value={kind}
            onChange={event => onChange(criterionOf(event.currentTarget.value as CriterionKind, value))}
            data={KINDS}
          />
          {value.type === 'person' && <PersonCondition value={value} onChange={onChange} />}
          {value.type === 'cohort' && <CohortChoice value={value} onChange={onChange} />}
          {value.type === 'behavioral' && <BehaviorFields value={value} onChange={onChange} />}
        </div>
      )}
      {onRemove && (
        <Group>
          <ActionIcon aria-label={`Remove ${name}`} onClick={onRemove}>
            <IconX size={14} />
          </ActionIcon>
        </Group>
      )}
    </fieldset>
  )
}
