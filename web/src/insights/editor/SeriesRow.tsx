import { ActionIcon, Group, Menu, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { EventPicker } from '@/components/EventPicker'
import { PropertyFilters } from '@/components/PropertyFilters'
import type { InsightKind, SeriesNode } from '../query/insightQuery'
import { filtersOf } from '../query/insightQuery'
import { stepName } from '../result/names'
import { MathSelect } from './MathSelect'
import { choiceOf, chosen } from './nodes'
import classes from './SeriesRow.module.css'

interface Props {
  kind: InsightKind
  node: SeriesNode
  /** `A`, or the number of a step. */
  mark: string
  onChange: (node: SeriesNode) => void
  onRemove?: () => void
  onDuplicate?: () => void
  onMove?: (by: number) => void
  isFirst: boolean
  isLast: boolean
  /** More entries of the menu. */
  more?: ReactNode
  hasMath?: boolean
}

/** One series or step: what happens, how it is counted, and which of it. */
export function SeriesRow(props: Props) {
  const {
    kind,
    node,
    mark,
    onChange,
    onRemove,
    onDuplicate,
    onMove,
    isFirst,
    isLast,
    more,
    hasMath = true,
  } = props
  const [renaming, setRenaming] = useState(false)
  const name = stepName(node)
  const rename = (text: string) => {
    const { custom_name: _, ...kept } = node
    onChange(text.trim() ? { ...node, custom_name: text.trim() } : kept)
    setRenaming(false)
  }
  return (
    <fieldset className={classes.row} aria-label={`Series ${mark}`}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Group gap="xs" wrap="nowrap" miw={0} flex={1}>
          <span className={classes.letter} aria-hidden>
            {mark}
          </span>
          {renaming ? (
            <TextInput
              size="xs"
              flex={1}
              aria-label={`Name of ${mark}`}
              defaultValue={node.custom_name ?? ''}
              placeholder={name}
              ref={focused}
              onBlur={event => rename(event.currentTarget.value)}
              onKeyDown={event => {
                if (event.key === 'Enter') rename(event.currentTarget.value)
                if (event.key === 'Escape') setRenaming(false)
              }}
            />
          ) : (
            <EventPicker
              label={`Event of ${mark}`}
              value={choiceOf(node)}
              onChange={choice => onChange(chosen(node, choice))}
            />
          )}
          {!renaming && node.custom_name && <em>{node.custom_name}</em>}
        </Group>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`More for ${mark}, ${name}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setRenaming(true)}>
              Rename
            </Menu.Item>
            {onDuplicate && (
              <Menu.Item leftSection={<IconCopy size={14} />} onClick={onDuplicate}>
                Duplicate
              </Menu.Item>
            )}
            {onMove && !isFirst && (
              <Menu.Item leftSection={<IconArrowUp size={14} />} onClick={() => onMove(-1)}>
                Move up
              </Menu.Item>
            )}
            {onMove && !isLast && (
              <Menu.Item leftSection={<IconArrowDown size={14} />} onClick={() => onMove(1)}>
                Move down
              </Menu.Item>
            )}
            {more}
            {onRemove && (
              <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={onRemove}>
                Remove
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Group gap="xs">
        {hasMath && <MathSelect kind={kind} node={node} name={mark} onChange={onChange} />}
        <PropertyFilters
          value={filtersOf(node.properties) ?? []}
          onChange={properties => onChange({ ...node, properties })}
          eventNames={node.event ? [node.event] : undefined}
        />
      </Group>
    </fieldset>
  )
}

function focused(input: HTMLInputElement | null): void {
  input?.focus()
}
