import { Badge, Stack, Text } from '@mantine/core'
import type { SymbolSet } from '@/api/symbolSet'
import type { Column } from '@/components/DataTable'
import { TimeAgo } from '@/components/Time'
import { stateOf } from './state'

export const COLUMNS: Column<SymbolSet>[] = [
  {
    id: 'ref',
    header: 'Reference',
    sortable: true,
    cell: one => (
      <Text span inherit className="monospace" style={{ overflowWrap: 'anywhere' }}>
        {one.ref}
      </Text>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: '28%',
    cell: one => {
      const { label, color, failure } = stateOf(one)
      return (
        <Stack gap={2} align="flex-start">
          <Badge variant="light" color={color} tt="none" fw={500}>
            {label}
          </Badge>
          {failure && (
            <Text span size="xs" c="var(--hoglet-quiet)">
              {failure.title}
            </Text>
          )}
        </Stack>
      )
    },
  },
  {
    id: 'release',
    header: 'Release',
    width: '18%',
    cell: one =>
      one.release ? (
        <Stack gap={0}>
          <Text span inherit style={{ overflowWrap: 'anywhere' }}>
            {one.release.version}
          </Text>
          <Text span size="xs" c="var(--hoglet-quiet)" style={{ overflowWrap: 'anywhere' }}>
            {one.release.project}
          </Text>
        </Stack>
      ) : (
        '–'
      ),
  },
  {
    id: 'created_at',
    header: 'Added',
    width: 140,
    sortable: true,
    cell: one => <TimeAgo value={one.created_at} />,
  },
  {
    id: 'last_used',
    header: 'Last used',
    width: 140,
    sortable: true,
    cell: one => (one.last_used ? <TimeAgo value={one.last_used} /> : 'Never'),
  },
]
