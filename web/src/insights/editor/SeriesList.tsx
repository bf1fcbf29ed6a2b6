import { Button, Menu, Stack } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { letter } from '../query/askable'
import type { InsightKind, SeriesNode } from '../query/insightQuery'
import { moved } from './nodes'
import { SeriesRow } from './SeriesRow'

interface Props {
  kind: InsightKind
  value: SeriesNode[]
  onChange: (series: SeriesNode[]) => void
  /** Steps have numbers, series letters. */
  numbered?: boolean
  min?: number
  max: number
  addLabel: string
}

export function SeriesList({ kind, value, onChange, numbered = false, min = 1, max, addLabel }: Props) {
  const replace = (index: number, node: SeriesNode) =>
    onChange(value.map((one, at) => (at === index ? node : one)))
  const isFull = value.length >= max
  const hasOptional = kind === 'FunnelsQuery'
  return (
    <Stack gap="xs">
      {value.map((node, index) => (
        <SeriesRow
          // biome-ignore lint/suspicious/noArrayIndexKey: the same series may be there twice; its place is its name
          key={index}
          kind={kind}
          node={node}
          mark={numbered ? String(index + 1) : letter(index)}
          onChange={changed => replace(index, changed)}
          onRemove={value.length > min ? () => onChange(value.filter((_, at) => at !== index)) : undefined}
          onDuplicate={
            isFull
              ? undefined
              : () => onChange([...value.slice(0, index + 1), node, ...value.slice(index + 1)])
          }
          onMove={by => onChange(moved(value, index, by))}
          isFirst={index === 0}
          isLast={index === value.length - 1}
          hasMath={kind !== 'LifecycleQuery'}
          more={
            hasOptional &&
            index > 0 && (
              <Menu.Item
                onClick={() => replace(index, { ...node, optionalInFunnel: !node.optionalInFunnel })}
              >
                {node.optionalInFunnel ? 'Make it required' : 'Make it optional'}
              </Menu.Item>
            )
          }
        />
      ))}
      {!isFull && (
        <Button
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...value, { kind: 'EventsNode', event: '$pageview', name: '$pageview' }])}
          style={{ alignSelf: 'flex-start' }}
        >
          {addLabel}
        </Button>
      )}
    </Stack>
  )
}
