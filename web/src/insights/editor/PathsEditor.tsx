import { Autocomplete, Checkbox, Group, SimpleGrid, Stack, TagsInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { eventDefinitionsQuery } from '@/api/definition'
import { propertyValuesQuery } from '@/api/values'
import { useProjectId } from '@/components/useProject'
import type { PathsFilter } from '../query/insightQuery'
import { CommitNumber } from './CommitNumber'
import type { EditorProps } from './Editor'
import { FiltersSection } from './FiltersSection'
import { Section } from './Section'

const TYPES = [
  { value: '$pageview', label: 'Pageviews' },
  { value: '$screen', label: 'Screens' },
  { value: 'custom_event', label: 'Custom events' },
] as const

export function PathsEditor({ query, onChange }: EditorProps) {
  const filter = query.pathsFilter ?? {}
  const set = (changed: Partial<PathsFilter>) => onChange({ pathsFilter: { ...filter, ...changed } })
  const types = filter.includeEventTypes ?? []
  return (
    <Stack gap="lg">
      <Section title="Paths of">
        <Group gap="md">
          {TYPES.map(one => (
            <Checkbox
              key={one.value}
              size="xs"
              label={one.label}
              checked={types.includes(one.value)}
              onChange={event => {
                const kept = types.filter(type => type !== one.value)
                const changed = event.currentTarget.checked ? [...kept, one.value] : kept
                if (changed.length > 0) set({ includeEventTypes: changed })
              }}
            />
          ))}
        </Group>
      </Section>
      <Section title="Starting and ending">
        <ItemInput
          label="Starts at"
          value={filter.startPoint ?? ''}
          types={types}
          onCommit={startPoint => set({ startPoint: startPoint || undefined })}
        />
        <ItemInput
          label="Ends at"
          value={filter.endPoint ?? ''}
          types={types}
          onCommit={endPoint => set({ endPoint: endPoint || undefined })}
        />
        <TagsInput
          size="xs"
          label="Leaves out"
          placeholder={filter.excludeEvents?.length ? '' : 'Pages or events, Enter adds one'}
          clearable
          value={filter.excludeEvents ?? []}
          onChange={excludeEvents =>
            set({ excludeEvents: excludeEvents.length > 0 ? excludeEvents : undefined })
          }
        />
      </Section>
      <Section title="How much is shown">
        <SimpleGrid cols={2} spacing="xs">
          <CommitNumber
            size="xs"
            label="Steps"
            min={2}
            max={20}
            value={filter.stepLimit ?? 5}
            onCommit={stepLimit => set({ stepLimit })}
          />
          <CommitNumber
            size="xs"
            label="Ways at most"
            min={1}
            max={1000}
            value={filter.edgeLimit ?? 50}
            onCommit={edgeLimit => set({ edgeLimit })}
          />
          <CommitNumber
            size="xs"
            label="Taken at least"
            min={0}
            placeholder="any"
            value={filter.minEdgeWeight ?? undefined}
            onCommit={minEdgeWeight => set({ minEdgeWeight })}
          />
          <CommitNumber
            size="xs"
            label="Taken at most"
            min={0}
            placeholder="any"
            value={filter.maxEdgeWeight ?? undefined}
            onCommit={maxEdgeWeight => set({ maxEdgeWeight })}
          />
        </SimpleGrid>
      </Section>
      <FiltersSection query={query} onChange={onChange} />
    </Stack>
  )
}

interface ItemInputProps {
  label: string
  value: string
  types: readonly string[]
  onCommit: (value: string) => void
}

/** A page or an event: what was seen is offered. */
function ItemInput({ label, value, types, onCommit }: ItemInputProps) {
  const projectId = useProjectId()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const [search] = useDebouncedValue(typed.trim(), 200)
  const shared = { placeholderData: keepPreviousData }
  const pages = useQuery({
    ...propertyValuesQuery(projectId, { source: 'event', key: '$current_url', value: search || undefined }),
    ...shared,
    enabled: types.includes('$pageview') || types.length === 0,
  })
  const events = useQuery({
    ...eventDefinitionsQuery(projectId, { search: search || undefined, limit: 20 }),
    ...shared,
    enabled: types.includes('custom_event'),
  })
  // As the paths name them: without the slash at the end.
  const urls = (pages.data ?? []).map(one => String(one.name).replace(/(.)\/$/, '$1'))
  const names = (events.data?.results ?? []).map(one => one.name).filter(name => !name.startsWith('$'))
  return (
    <Autocomplete
      size="xs"
      label={label}
      placeholder="Anywhere"
      clearable
      value={typed}
      data={[...new Set([...urls, ...(types.includes('custom_event') ? names : [])])]}
      onChange={setTyped}
      onOptionSubmit={onCommit}
      onClear={() => onCommit('')}
      onBlur={() => {
        if (typed.trim() !== value) onCommit(typed.trim())
      }}
      onKeyDown={event => {
        if (event.key === 'Enter') onCommit(event.currentTarget.value.trim())
      }}
    />
  )
}
