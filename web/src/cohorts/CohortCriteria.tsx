import { Button, Card, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { CriterionRow } from './CriterionRow'
import classes from './CriterionRow.module.css'
import type { Criteria, CriteriaGroup, Match } from './criteria'
import { criterionOf } from './criteria'

interface Props {
  value: Criteria
  onChange: (criteria: Criteria) => void
  disabled?: boolean
}

/** Groups of criteria, and whether any or all of them must hold. */
export function CohortCriteria({ value, onChange, disabled = false }: Props) {
  const setGroup = (index: number, group: CriteriaGroup) =>
    onChange({ ...value, groups: value.groups.map((one, at) => (at === index ? group : one)) })
  const removeGroup = (index: number) =>
    onChange({ ...value, groups: value.groups.filter((_, at) => at !== index) })
  const add = () =>
    onChange({
      ...value,
      groups: [...value.groups, { type: 'AND', values: [criterionOf('person')] }],
    })
  return (
    <fieldset disabled={disabled} className={classes.plain} aria-label="Criteria">
      <Stack gap="sm">
        {value.groups.length > 1 && (
          <MatchSelect
            label="Groups to match"
            what="groups"
            value={value.type}
            onChange={type => onChange({ ...value, type })}
          />
        )}
        {value.groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name but their place
          <Stack key={index} gap="sm">
            {index > 0 && (
              <Text fw={600} size="sm" ta="center" c="var(--hoglet-quiet)">
                {value.type === 'AND' ? 'and' : 'or'}
              </Text>
            )}
            <GroupCard
              name={`Group ${index + 1}`}
              group={group}
              onChange={changed => setGroup(index, changed)}
              onRemove={value.groups.length > 1 ? () => removeGroup(index) : undefined}
            />
          </Stack>
        ))}
        <Group>
          <Button variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
            Add group
          </Button>
        </Group>
      </Stack>
    </fieldset>
  )
}

interface GroupProps {
  name: string
  group: CriteriaGroup
  onChange: (group: CriteriaGroup) => void
  onRemove?: () => void
}

function GroupCard({ name, group, onChange, onRemove }: GroupProps) {
  const remove = (index: number) => {
    const values = group.values.filter((_, at) => at !== index)
    if (values.length > 0) onChange({ ...group, values })
    else onRemove?.()
  }
  return (
    <Card role="group" aria-label={name} padding="sm">
      <Stack gap="sm">
        <Group justify="space-between">
          <MatchSelect
            label={`${name}: criteria to match`}
            what="criteria"
            value={group.type}
            onChange={type => onChange({ ...group, type })}
          />
          {onRemove && (
            <Button variant="subtle" color="gray" size="compact-sm" onClick={onRemove}>
              Remove group
            </Button>
          )}
        </Group>
        {group.values.map((one, index) => (
          <CriterionRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the same criterion may be there twice; its place is its name
            key={index}
            name={`${name}, criterion ${index + 1}`}
            value={one}
            onChange={changed =>
              onChange({ ...group, values: group.values.map((each, at) => (at === index ? changed : each)) })
            }
            onRemove={group.values.length > 1 || onRemove ? () => remove(index) : undefined}
          />
        ))}
        <Group>
          <Button
            variant="subtle"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange({ ...group, values: [...group.values, criterionOf('person')] })}
          >
            Add criterion
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

interface MatchProps {
  label: string
  what: string
  value: Match
  onChange: (match: Match) => void
}

function MatchSelect({ label, what, value, onChange }: MatchProps) {
  return (
    <NativeSelect
      size="xs"
      maw={280}
      aria-label={label}
      value={value}
      onChange={event => onChange(event.currentTarget.value as Match)}
      data={[
        { value: 'AND', label: `People who match all ${what}` },
        { value: 'OR', label: `People who match any of the ${what}` },
      ]}
    />
  )
}
