import { Badge, Group, Stack, Text } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { IconRefresh, IconTrash } from '@tabler/icons-react'
import { ConfirmButton } from '@/components/ConfirmButton'
import { type Column, DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { TimeAgo } from '@/components/Time'

export interface KeyRow {
  id: string
  label: string
  mask_value: string
  scopes: string[]
  created_at: string
  last_used_at: string | null
}

interface Props {
  label: string
  rows: KeyRow[] | undefined
  loading: boolean
  error: Error | null
  onRetry: () => void
  icon: Icon
  emptyTitle: string
  emptyText: string
  onRoll: (key: KeyRow) => Promise<void>
  onDelete: (key: KeyRow) => Promise<void>
}

const SCOPES_SHOWN = 3

/** Keys without what they open with. */
export function KeysTable(props: Props) {
  const { onRoll, onDelete } = props
  const columns: Column<KeyRow>[] = [
    {
      id: 'label',
      header: 'Label',
      cell: one => (
        <Stack gap={0}>
          <Text span inherit fw={600}>
            {one.label}
          </Text>
          <Text span size="xs" c="var(--hoglet-quiet)" className="monospace">
            {one.mask_value}
          </Text>
        </Stack>
      ),
    },
    { id: 'scopes', header: 'May', cell: one => <Scopes scopes={one.scopes} /> },
    {
      id: 'used',
      header: 'Last used',
      width: 130,
      cell: one => (one.last_used_at ? <TimeAgo value={one.last_used_at} /> : 'Never'),
    },
    { id: 'made', header: 'Made', width: 130, cell: one => <TimeAgo value={one.created_at} /> },
    {
      id: 'acts',
      header: '',
      width: 84,
      cell: one => (
        <Group gap={2} wrap="nowrap">
          <ConfirmButton
            label={`Roll ${one.label}`}
            icon={<IconRefresh size={16} />}
            title={`Roll “${one.label}”?`}
            confirmLabel="Roll the key"
            onConfirm={() => onRoll(one)}
          >
            It gets another value, and the old one opens nothing from now on.
          </ConfirmButton>
          <ConfirmButton
            label={`Delete ${one.label}`}
            icon={<IconTrash size={16} />}
            title={`Delete “${one.label}”?`}
            confirmLabel="Delete the key"
            onConfirm={() => onDelete(one)}
          >
            Whatever uses it is refused from now on. This cannot be undone.
          </ConfirmButton>
        </Group>
      ),
    },
  ]
  return (
    <DataTable
      label={props.label}
      columns={columns}
      rows={props.rows}
      rowKey={one => one.id}
      loading={props.loading}
      error={props.error}
      onRetry={props.onRetry}
      minWidth={600}
      empty={
        <EmptyState icon={props.icon} title={props.emptyTitle}>
          {props.emptyText}
        </EmptyState>
      }
    />
  )
}

function Scopes({ scopes }: { scopes: string[] }) {
  if (scopes.includes('*')) return <Badge variant="light">Everything</Badge>
  const more = scopes.length - SCOPES_SHOWN
  return (
    <Group gap={4}>
      {scopes.slice(0, SCOPES_SHOWN).map(one => (
        <Badge key={one} variant="default" tt="none" fw={400}>
          {one}
        </Badge>
      ))}
      {more > 0 && (
        <Text span size="xs" title={scopes.join(', ')}>
          and {more} more
        </Text>
      )}
    </Group>
  )
}
