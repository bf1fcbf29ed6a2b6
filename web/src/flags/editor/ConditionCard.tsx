import { ActionIcon, Group, Select, Stack, Text, TextInput, Title, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { groupTypeName, groupTypesQuery } from '@/api/group'
import type { FilterSource } from '@/api/propertyFilter'
import { flagOperatorsFor } from '@/components/operators'
import { PropertyFilters } from '@/components/PropertyFilters'
import { useProjectId } from '@/components/useProject'
import { BlastRadius } from '../BlastRadius'
import type { ConditionDraft } from '../draft'
import classes from './ConditionCard.module.css'
import { useProblem } from './failure'
import { RolloutInput } from './RolloutInput'

interface Props {
  condition: ConditionDraft
  index: number
  count: number
  /** Keys that the condition may force. */
  variants: string[]
  onChange: (changed: Partial<ConditionDraft>) => void
  onMove: (by: number) => void
  onCopy: () => void
  onRemove: () => void
}

const OF_PERSONS: readonly FilterSource[] = ['person', 'group', 'cohort', 'flag']
const PERSONS = 'persons'

export function ConditionCard(props: Props) {
  const { condition, index, count, variants, onChange, onMove, onCopy, onRemove } = props
  const projectId = useProjectId()
  const groupTypes = useQuery(groupTypesQuery(projectId))
  const problem = useProblem()
  const types = groupTypes.data ?? []
  const name = `Condition set ${index + 1}`
  const path = `filters__groups__${index}`
  return (
    <section className={classes.condition} aria-label={name}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={3}>{name}</Title>
        <Group gap={2} wrap="nowrap">
          <Act label={`Move set ${index + 1} up`} onClick={() => onMove(-1)} disabled={index === 0}>
            <IconArrowUp size={16} />
          </Act>
          <Act label={`Move set ${index + 1} down`} onClick={() => onMove(1)} disabled={index === count - 1}>
            <IconArrowDown size={16} />
          </Act>
          <Act label={`Duplicate set ${index + 1}`} onClick={onCopy}>
            <IconCopy size={16} />
          </Act>
          <Act label={`Remove set ${index + 1}`} onClick={onRemove}>
            <IconTrash size={16} />
          </Act>
        </Group>
      </Group>
      <Stack gap="sm">
        <Group gap="sm">
          {types.length > 0 && (
            <Select
              w={190}
              label="Match by"
              allowDeselect={false}
              data={[
                { value: PERSONS, label: 'Persons' },
                ...types.map(type => ({
                  value: String(type.group_type_index),
                  label: `Groups: ${groupTypeName(type)}`,
                })),
              ]}
              value={condition.groupType === null ? PERSONS : String(condition.groupType)}
              onChange={value => onChange({ groupType: value === PERSONS ? null : Number(value) })}
              error={problem(`${path}__aggregation_group_type_index`)}
            />
          )}
          <TextInput
            flex={1}
            miw={180}
            label="Note"
            placeholder="Why these people"
            value={condition.description}
            onChange={event => onChange({ description: event.currentTarget.value })}
            error={problem(`${path}__description`)}
          />
        </Group>
        <div>
          <Text size="sm" fw={500} mb={4}>
            {condition.properties.length > 0
              ? 'Where all of these hold'
              : 'Everybody, unless you add a filter'}
          </Text>
          <PropertyFilters
            value={condition.properties}
            onChange={properties => onChange({ properties })}
            sources={OF_PERSONS}
            operatorsOf={flagOperatorsFor}
            addLabel={condition.properties.length > 0 ? 'Filter' : 'Add a filter'}
          />
          <BlastRadius properties={condition.properties} groupType={condition.groupType} />
        </div>
        <RolloutInput
          label={`Roll-out of set ${index + 1}`}
          value={condition.rollout}
          onChange={rollout => onChange({ rollout })}
          error={problem(`${path}__rollout_percentage`)}
        />
        {variants.length > 0 && (
          <Select
            w={260}
            label="Variant"
            placeholder="By the shares"
            description="Who fits this set gets this one"
            data={[...new Set(variants)].filter(Boolean)}
            value={condition.variant}
            onChange={variant => onChange({ variant })}
            clearable
            error={problem(`${path}__variant`)}
          />
        )}
      </Stack>
    </section>
  )
}

interface ActProps {
  label: string
  onClick: () => void
  disabled?: boolean
  children: ReactNode
}

function Act({ label, onClick, disabled, children }: ActProps) {
  return (
    <Tooltip label={label} disabled={disabled}>
      <ActionIcon
        aria-label={label}
        onClick={onClick}
        disabled={disabled}
        bg={disabled ? 'transparent' : undefined}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
