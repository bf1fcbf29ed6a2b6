import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core'
import { IconMathFunction, IconX } from '@tabler/icons-react'
import { letter } from '../query/askable'
import type { TrendsFilter } from '../query/insightQuery'
import { CommitInput } from './CommitInput'

interface Props {
  value: TrendsFilter
  seriesCount: number
  onChange: (filter: TrendsFilter) => void
}

interface Formula {
  formula: string
  custom_name?: string | null
}

const FORMULAS_MAX = 10

/** Numbers out of the series, by their letters. With a formula only its result is shown. */
export function FormulaEditor({ value, seriesCount, onChange }: Props) {
  const list = formulasOf(value)
  const set = (formulas: Formula[]) => {
    const { formula: _one, formulas: _several, formulaNodes: _nodes, ...kept } = value
    onChange(formulas.length > 0 ? { ...kept, formulaNodes: formulas } : kept)
  }
  const replace = (index: number, one: Formula) => set(list.map((old, at) => (at === index ? one : old)))
  const all = Array.from({ length: seriesCount }, (_, index) => letter(index))
  return (
    <Stack gap="xs">
      {list.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same formula may be there twice; its place is its name
        <Group key={index} gap={4} wrap="nowrap">
          <CommitInput
            size="xs"
            flex={2}
            aria-label={`Formula ${index + 1}`}
            placeholder="A / B * 100"
            classNames={{ input: 'monospace' }}
            value={one.formula}
            onCommit={formula =>
              formula.trim() ? replace(index, { ...one, formula }) : set(list.toSpliced(index, 1))
            }
          />
          <CommitInput
            size="xs"
            flex={1}
            aria-label={`Name of formula ${index + 1}`}
            placeholder="Name"
            value={one.custom_name ?? ''}
            onCommit={name => replace(index, { ...one, custom_name: name.trim() || undefined })}
          />
          <ActionIcon
            size="sm"
            aria-label={`Remove formula ${index + 1}`}
            onClick={() => set(list.toSpliced(index, 1))}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      {list.length < FORMULAS_MAX && (
        <Button
          variant="subtle"
          leftSection={<IconMathFunction size={14} aria-hidden />}
          onClick={() => set([...list, { formula: all.slice(0, 2).join(' / ') }])}
          style={{ alignSelf: 'flex-start' }}
        >
          Add formula
        </Button>
      )}
      {list.length > 0 && (
        <Text size="xs" c="var(--hoglet-quiet)">
          Series are {all.join(', ')}; + − * / and brackets work.
        </Text>
      )}
    </Stack>
  )
}

export function formulasOf(filter: TrendsFilter | undefined): Formula[] {
  if (filter?.formulaNodes?.length) return filter.formulaNodes
  if (filter?.formulas?.length) return filter.formulas.map(formula => ({ formula }))
  return filter?.formula ? [{ formula: filter.formula }] : []
}
