import { NativeSelect, NumberInput, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { actionsQuery } from '@/api/action'
import { type EventChoice, EventPicker } from '@/components/EventPicker'
import { PropertyFilters } from '@/components/PropertyFilters'
import { useProjectId } from '@/components/useProject'
import type { Behavior, CountOperator, TimeUnit } from './criteria'

interface Props {
  value: Behavior
  onChange: (behavior: Behavior) => void
}

const UNITS: readonly TimeUnit[] = ['minute', 'hour', 'day', 'week', 'month', 'year']
const OPERATORS: { value: CountOperator; label: string }[] = [
  { value: 'gte', label: 'at least' },
  { value: 'lte', label: 'at most' },
  { value: 'exact', label: 'exactly' },
  { value: 'gt', label: 'more than' },
  { value: 'lt', label: 'fewer than' },
]

/** What was done, how often and when, as a sentence with fields. */
export function BehaviorFields({ value, onChange }: Props) {
  const change = (changed: Partial<Behavior>) => onChange({ ...value, ...changed })
  const kind = value.value
  return (
    <>
      <EventOf
        label="Event"
        id={value.key}
        type={value.event_type}
        onChange={(key, event_type) => change({ key, event_type })}
      />
      <PropertyFilters
        value={value.event_filters ?? []}
        onChange={event_filters => change({ event_filters })}
        sources={['event', 'element', 'hogql']}
        eventNames={value.event_type === 'events' && value.key ? [String(value.key)] : undefined}
        addLabel="where"
      />
      {(kind === 'performed_event_multiple' || kind === 'performed_event_regularly') && (
        <>
          <NativeSelect
            size="xs"
            aria-label="Comparison"
            data={OPERATORS}
            value={value.operator ?? 'gte'}
            onChange={event => change({ operator: event.currentTarget.value as CountOperator })}
          />
          <Count
            label="Times"
            min={kind === 'performed_event_multiple' ? 0 : 1}
            value={value.operator_value}
            onChange={operator_value => change({ operator_value })}
          />
          <Word>times</Word>
        </>
      )}
      {kind === 'performed_event_regularly' ? (
        <>
          <Word>every</Word>
          <Length prefix="" behavior={value} onChange={change} label="Period" />
          <Word>in at least</Word>
          <Count
            label="Periods at least"
            value={value.min_periods}
            onChange={min_periods => change({ min_periods })}
          />
          <Word>of the last</Word>
          <Count
            label="Periods in all"
            value={value.total_periods}
            onChange={total_periods => change({ total_periods })}
          />
          <Word>periods</Word>
        </>
      ) : value.explicit_datetime ? (
        <Word>since {value.explicit_datetime}</Word>
      ) : (
        <>
          <Word>in the last</Word>
          <Length prefix="" behavior={value} onChange={change} label="Window" />
        </>
      )}
      {kind === 'performed_event_sequence' && (
        <>
          <Word>and then</Word>
          <EventOf
            label="Next event"
            id={value.seq_event ?? null}
            type={value.seq_event_type ?? 'events'}
            onChange={(seq_event, seq_event_type) => change({ seq_event, seq_event_type })}
          />
          <Word>within</Word>
          <Length prefix="seq_" behavior={value} onChange={change} label="Until the next event" />
        </>
      )}
      {kind === 'stopped_performing_event' && (
        <>
          <Word>but not in the last</Word>
          <Length prefix="seq_" behavior={value} onChange={change} label="Pause" />
        </>
      )}
      {kind === 'restarted_performing_event' && (
        <>
          <Word>not at all, except again in the last</Word>
          <Length prefix="seq_" behavior={value} onChange={change} label="Again within" />
        </>
      )}
    </>
  )
}

interface EventProps {
  label: string
  id: string | number | null
  type: 'events' | 'actions'
  onChange: (id: string | number, type: 'events' | 'actions') => void
}

function EventOf({ label, id, type, onChange }: EventProps) {
  const actions = useQuery({ ...actionsQuery(useProjectId()), enabled: type === 'actions' })
  const name = actions.data?.results.find(one => one.id === Number(id))?.name ?? `Action ${id}`
  const chosen: EventChoice | null =
    id === null || id === ''
      ? null
      : type === 'actions'
        ? { kind: 'action', id: Number(id), name }
        : { kind: 'event', name: String(id) }
  return (
    <EventPicker
      label={label}
      value={chosen}
      allowAll={false}
      onChange={choice =>
        choice.kind === 'action' ? onChange(choice.id, 'actions') : onChange(choice.name ?? '', 'events')
      }
    />
  )
}

interface LengthProps {
  prefix: '' | 'seq_'
  behavior: Behavior
  onChange: (changed: Partial<Behavior>) => void
  label: string
}

function Length({ prefix, behavior, onChange, label }: LengthProps) {
  const count = behavior[`${prefix}time_value`]
  const unit = behavior[`${prefix}time_interval`] ?? 'day'
  return (
    <>
      <Count
        label={label}
        value={count}
        onChange={changed => onChange({ [`${prefix}time_value`]: changed })}
      />
      <NativeSelect
        size="xs"
        aria-label={`${label}: unit`}
        value={unit}
        onChange={event => onChange({ [`${prefix}time_interval`]: event.currentTarget.value as TimeUnit })}
        data={UNITS.map(one => ({ value: one, label: count === 1 ? one : `${one}s` }))}
      />
    </>
  )
}

interface CountProps {
  label: string
  value: number | undefined
  onChange: (value: number | undefined) => void
  min?: number
}

function Count({ label, value, onChange, min = 1 }: CountProps) {
  return (
    <NumberInput
      size="xs"
      w={72}
      aria-label={label}
      min={min}
      max={1_000_000}
      allowDecimal={false}
      allowNegative={false}
      value={value ?? ''}
      onChange={given => onChange(given === '' ? undefined : Number(given))}
    />
  )
}

function Word({ children }: { children: React.ReactNode }) {
  return (
    <Text span size="sm" c="var(--hoglet-quiet)">
      {children}
    </Text>
  )
}
