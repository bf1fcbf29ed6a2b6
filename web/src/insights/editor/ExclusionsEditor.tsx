import { ActionIcon, Button, Group, NativeSelect, Stack } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { EventPicker } from '@/components/EventPicker'
import type { SeriesNode } from '../query/insightQuery'
import { choiceOf, chosen } from './nodes'

interface Props {
  value: SeriesNode[]
  stepCount: number
  onChange: (exclusions: SeriesNode[]) => void
}

const EXCLUSIONS_MAX = 10

/** What must not happen between two steps. */
export function ExclusionsEditor({ value, stepCount, onChange }: Props) {
  const replace = (index: number, one: SeriesNode) =>
    onChange(value.map((old, at) => (at === index ? one : old)))
  const options = Array.from({ length: stepCount }, (_, index) => ({
    value: String(index),
    label: `step ${index + 1}`,
  }))
  return (
    <Stack gap="xs">
      {value.map((one, index) => {
        const from = one.funnelFromStep ?? 0
        const to = one.funnelToStep ?? stepCount - 1
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same event may be excluded twice; its place is its name
          <Group key={index} gap={6}>
            <EventPicker
              label={`Excluded event ${index + 1}`}
              allowAll={false}
              value={choiceOf(one)}
              onChange={choice =>
                replace(index, { ...chosen(one, choice), funnelFromStep: from, funnelToStep: to })
              }
            />
            <NativeSelect
              size="xs"
              aria-label="After"
              value={String(from)}
              data={options.slice(0, -1)}
              onChange={event => {
                const start = Number(event.currentTarget.value)
                replace(index, { ...one, funnelFromStep: start, funnelToStep: Math.max(to, start + 1) })
              }}
            />
            <span>to</span>
            <NativeSelect
              size="xs"
              aria-label="Before"
              value={String(to)}
              data={options.slice(from + 1)}
              onChange={event => replace(index, { ...one, funnelToStep: Number(event.currentTarget.value) })}
            />
            <ActionIcon
              size="sm"
              aria-label={`Remove exclusion ${index + 1}`}
              onClick={() => onChange(value.toSpliced(index, 1))}
            >
              <IconX size={14} />
            </ActionIcon>
          </Group>
        )
      })}
      {value.length < EXCLUSIONS_MAX && (
        <Button
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() =>
            onChange([
              ...value,
              {
                kind: 'EventsNode',
                event: '$pageleave',
                name: '$pageleave',
                funnelFromStep: 0,
                funnelToStep: stepCount - 1,
              },
            ])
          }
        >
          Exclude an event
        </Button>
      )}
    </Stack>
  )
}
