import { Group, Input, NumberInput, Slider } from '@mantine/core'

interface Props {
  label: string
  value: number
  onChange: (rollout: number) => void
  error?: string
}

const MARKS = [0, 25, 50, 75, 100].map(value => ({ value }))

/** The share of those who fit, by hand or to the hundredth. */
export function RolloutInput({ label, value, onChange, error }: Props) {
  return (
    <Input.Wrapper label="Roll-out" error={error} maw={520}>
      <Group gap="md" wrap="nowrap">
        <Slider
          flex={1}
          thumbLabel={label}
          label={share => `${share}%`}
          min={0}
          max={100}
          marks={MARKS}
          value={value}
          onChange={onChange}
        />
        <NumberInput
          w={96}
          size="sm"
          aria-label={`${label}, in percent`}
          suffix="%"
          min={0}
          max={100}
          decimalScale={2}
          clampBehavior="strict"
          value={value}
          onChange={changed => onChange(typeof changed === 'number' ? changed : Number(changed) || 0)}
        />
      </Group>
    </Input.Wrapper>
  )
}
