import {
  Button,
  Loader,
  ScrollArea,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { flagQuery, flagsQuery } from '@/api/flag'
import type { FilterValue, PropertyFilter } from '@/api/propertyFilter'
import classes from './PropertyList.module.css'
import { useProjectId } from './useProject'

interface Props {
  initial?: PropertyFilter
  onDone: (filter: PropertyFilter) => void
}

/** Another flag, and what it must say. */
export function FlagList({ initial, onDone }: Props) {
  const [chosen, setChosen] = useState<{ id: string; key: string } | null>(
    initial ? { id: initial.key, key: initial.label || initial.key } : null,
  )
  if (!chosen) return <Choice onChoose={(id, key) => setChosen({ id, key })} />
  return (
    <Outcome
      id={chosen.id}
      name={chosen.key}
      initial={initial?.key === chosen.id ? initial.value : undefined}
      onBack={() => setChosen(null)}
      onDone={value =>
        onDone({
          type: 'flag',
          key: chosen.id,
          operator: 'flag_evaluates_to',
          value,
          label: chosen.key,
        })
      }
    />
  )
}

function Choice({ onChoose }: { onChoose: (id: string, key: string) => void }) {
  const projectId = useProjectId()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 150)
  const found = useQuery({
    ...flagsQuery(projectId, { search: search || undefined }),
    placeholderData: keepPreviousData,
  })
  const flags = found.data?.results ?? []
  return (
    <Stack gap="xs" w={340} maw="calc(100vw - 48px)">
      <TextInput
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={found.isFetching && <Loader size={14} />}
        placeholder="Search flags"
        aria-label="Search flags"
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
        data-autofocus
      />
      <ScrollArea.Autosize mah={280} type="scroll">
        <div className={classes.list}>
          {flags.map(one => (
            <UnstyledButton
              key={one.id}
              className={classes.choice}
              onClick={() => onChoose(String(one.id), one.key)}
            >
              {one.key}
            </UnstyledButton>
          ))}
          {!found.isFetching && flags.length === 0 && (
            <Text p="xs" c="var(--hoglet-quiet)">
              {search ? 'No flag is called so' : 'There are no other flags yet'}
            </Text>
          )}
        </div>
      </ScrollArea.Autosize>
    </Stack>
  )
}

interface OutcomeProps {
  id: string
  name: string
  initial: FilterValue | undefined
  onBack: () => void
  onDone: (value: boolean | string) => void
}

function Outcome({ id, name, initial, onBack, onDone }: OutcomeProps) {
  const projectId = useProjectId()
  const flag = useQuery(flagQuery(projectId, id))
  const [value, setValue] = useState(
    initial === undefined ? 'is:true' : typeof initial === 'string' ? `variant:${initial}` : `is:${initial}`,
  )
  const variants = flag.data?.filters.multivariate?.variants ?? []
  return (
    <Stack gap="xs" w={300} maw="calc(100vw - 48px)">
      <Button variant="subtle" justify="flex-start" px={4} onClick={onBack} fw={600}>
        {flag.data?.key ?? name}
      </Button>
      <SegmentedControl
        aria-label="Outcome"
        orientation={variants.length > 2 ? 'vertical' : 'horizontal'}
        value={value}
        onChange={setValue}
        data={[
          { value: 'is:true', label: variants.length > 0 ? 'Any variant' : 'On' },
          { value: 'is:false', label: 'Off' },
          ...variants.map(one => ({ value: `variant:${one.key}`, label: one.key })),
        ]}
      />
      <Button
        ml="auto"
        onClick={() =>
          onDone(value.startsWith('variant:') ? value.slice('variant:'.length) : value === 'is:true')
        }
      >
        Apply
      </Button>
    </Stack>
  )
}
