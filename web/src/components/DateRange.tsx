import {
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  UnstyledButton,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendar, IconCheck, IconChevronDown } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { DateRangeValue, Interval } from '@/api/query'
import classes from './DateRange.module.css'
import { DEFAULT_RANGE, defaultInterval, intervalsFor, PRESETS, presetOf, rangeLabel, rolling } from './dates'
import { useTimezone } from './useProject'

// The calendar is only loaded by who picks days.
const DayPicker = lazy(() => import('./DayPicker'))

interface Props {
  /** `date_from` and `date_to` as the API takes them; empty is the last seven days. */
  value: DateRangeValue
  onChange: (range: DateRangeValue) => void
  /** Offers the interval too, where given. */
  interval?: Interval
  onIntervalChange?: (interval: Interval) => void
  /** Leaves out the presets that this refuses. */
  offers?: (from: string) => boolean
  /** Where no range may be chosen too: what that is called. */
  none?: string
}

const UNITS = [
  { value: 'M', label: 'minutes' },
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
  { value: 'w', label: 'weeks' },
  { value: 'm', label: 'months' },
]

export function DateRange({ value, onChange, interval, onIntervalChange, offers, none }: Props) {
  const [opened, { toggle, close }] = useDisclosure(false)
  const [mode, setMode] = useState<'last' | 'days'>(
    presetOf(value) || rolling(value.date_from) ? 'last' : 'days',
  )
  const zone = useTimezone()
  const label = none && !value.date_from ? none : rangeLabel(value)
  const choose = (range: DateRangeValue) => {
    onChange(range)
    close()
  }
  return (
    <Group gap="xs" wrap="nowrap">
      <Popover opened={opened} onChange={close} position="bottom-start" trapFocus>
        <Popover.Target>
          <Button
            variant="default"
            onClick={toggle}
            leftSection={<IconCalendar size={14} aria-hidden />}
            rightSection={<IconChevronDown size={12} aria-hidden />}
            aria-label={`Date range: ${label}`}
            aria-expanded={opened}
          >
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown}>
          <SegmentedControl
            fullWidth
            size="xs"
            value={mode}
            onChange={found => setMode(found === 'days' ? 'days' : 'last')}
            data={[
              { value: 'last', label: 'Relative' },
              { value: 'days', label: 'Between days' },
            ]}
          />
          {mode === 'last' ? (
            <Relative value={value} onChoose={choose} offers={offers} none={none} />
          ) : (
            <Suspense fallback={<Text p="md">Loading the calendar…</Text>}>
              <DayPicker value={value} onChoose={choose} />
            </Suspense>
          )}
          <Text size="xs" c="var(--hoglet-quiet)" mt="xs">
            Times are in {zone}
          </Text>
        </Popover.Dropdown>
      </Popover>
      {interval && onIntervalChange && (
        <IntervalSelect range={value} value={interval} onChange={onIntervalChange} />
      )}
    </Group>
  )
}

function Relative({
  value,
  onChoose,
  offers,
  none,
}: {
  value: DateRangeValue
  onChoose: Props['onChange']
  offers: Props['offers']
  none: Props['none']
}) {
  const isNone = none !== undefined && !value.date_from
  const chosen = isNone ? undefined : presetOf(value)
  const last = rolling(value.date_from) ?? rolling(DEFAULT_RANGE.date_from)
  const [count, setCount] = useState<number | string>(last?.count ?? 7)
  const [unit, setUnit] = useState(last?.unit ?? 'd')
  return (
    <Stack gap={0} mt="xs">
      <div className={classes.presets}>
        {none && (
          <UnstyledButton
            className={classes.preset}
            data-chosen={isNone || undefined}
            aria-pressed={isNone}
            onClick={() => onChoose({})}
          >
            {none}
            {isNone && <IconCheck size={14} aria-hidden />}
          </UnstyledButton>
        )}
        {PRESETS.filter(preset => offers?.(preset.from) ?? true).map(preset => (
          <UnstyledButton
            key={preset.label}
            className={classes.preset}
            data-chosen={preset === chosen || undefined}
            aria-pressed={preset === chosen}
            onClick={() => onChoose({ date_from: preset.from, date_to: preset.to })}
          >
            {preset.label}
            {preset === chosen && <IconCheck size={14} aria-hidden />}
          </UnstyledButton>
        ))}
      </div>
      <Group gap="xs" wrap="nowrap" mt="xs" align="end">
        <NumberInput
          size="xs"
          w={84}
          label="Last"
          min={1}
          max={9_999}
          allowDecimal={false}
          value={count}
          onChange={setCount}
        />
        <NativeSelect
          size="xs"
          aria-label="Unit"
          data={UNITS}
          value={unit}
          onChange={event => setUnit(event.currentTarget.value)}
        />
        <Button
          variant="light"
          size="xs"
          h={30}
          disabled={!Number(count)}
          onClick={() => onChoose({ date_from: `-${Number(count)}${unit}` })}
        >
          Apply
        </Button>
      </Group>
    </Stack>
  )
}

interface IntervalProps {
  range: DateRangeValue
  value: Interval
  onChange: (interval: Interval) => void
}

function IntervalSelect({ range, value, onChange }: IntervalProps) {
  const offered = intervalsFor(range)
  return (
    <NativeSelect
      size="xs"
      aria-label="Interval"
      value={offered.includes(value) ? value : defaultInterval(range)}
      onChange={event => onChange(event.currentTarget.value as Interval)}
      data={offered.map(one => ({ value: one, label: `by ${one}` }))}
    />
  )
}
