import { Alert, Badge, Button, Card, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '@/api/errors'
import { type Evaluated, evaluationReasonsQuery, type Flag } from '@/api/flag'
import { groupTypeName, groupTypesQuery } from '@/api/group'
import { useProjectId } from '@/components/useProject'
import { useUrlState } from '@/components/useUrlState'
import { flagRoute } from '../routes'
import { groupTypesOf } from '../words'

/** What one distinct id gets, and why, from the code that answers SDKs. */
export function OneId({ flag }: { flag: Flag }) {
  const projectId = useProjectId()
  const [state, change] = useUrlState(flagRoute)
  const [typed, setTyped] = useState(state.id ?? '')
  const [groups, setGroups] = useState<Record<string, string>>({})
  const [asked, setAsked] = useState<{ id: string; groups: Record<string, string> } | null>(
    state.id ? { id: state.id, groups: {} } : null,
  )
  const types = useQuery(groupTypesQuery(projectId))
  const wanted = groupTypesOf(flag)
  const offered = (types.data ?? []).filter(one => wanted.has(one.group_type_index))
  const found = useQuery({
    ...evaluationReasonsQuery(projectId, asked?.id ?? '', asked?.groups ?? {}),
    enabled: asked !== null,
  })
  const submit = () => {
    const id = typed.trim()
    if (!id) return
    change({ id })
    const named = Object.fromEntries(Object.entries(groups).filter(([, key]) => key.trim()))
    const isSame = asked !== null && asked.id === id && JSON.stringify(asked.groups) === JSON.stringify(named)
    if (isSame) void found.refetch()
    else setAsked({ id, groups: named })
  }
  return (
    <Card>
      <Stack
        gap="sm"
        component="form"
        onSubmit={event => {
          event.preventDefault()
          submit()
        }}
      >
        <Title order={2}>What somebody gets</Title>
        <TextInput
          label="Distinct id"
          placeholder="user-1 or an e-mail address"
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          spellCheck={false}
        />
        {offered.map(type => (
          <TextInput
            key={type.group_type_index}
            label={`Group: ${groupTypeName(type)}`}
            placeholder="Its key"
            value={groups[type.group_type] ?? ''}
            onChange={event => setGroups({ ...groups, [type.group_type]: event.currentTarget.value })}
            spellCheck={false}
          />
        ))}
        <Group>
          <Button type="submit" loading={found.isFetching} disabled={!typed.trim()}>
            Evaluate
          </Button>
        </Group>
        <div aria-live="polite">
          {found.isLoading && <Skeleton h={56} />}
          {found.error && <Alert color="red">{errorText(found.error)}</Alert>}
          {asked && found.data && <Result id={asked.id} outcome={found.data[flag.key]} />}
        </div>
      </Stack>
    </Card>
  )
}

function Result({ id, outcome }: { id: string; outcome: Evaluated | undefined }) {
  if (!outcome) return <Alert color="gray">Nobody gets an answer: the flag is left out.</Alert>
  const { value, evaluation } = outcome
  const isOn = value !== false
  const set = evaluation.condition_index
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Badge color={isOn ? 'teal' : 'gray'} variant="light" tt="none" size="lg">
        {value === true ? 'true' : value === false ? 'false' : value}
      </Badge>
      <Stack gap={0}>
        <Text size="sm">{evaluation.description}</Text>
        <Text size="sm" c="var(--hoglet-quiet)">
          {id} · {evaluation.reason}
          {set !== null && ` · set ${set + 1}`}
        </Text>
      </Stack>
    </Group>
  )
}
