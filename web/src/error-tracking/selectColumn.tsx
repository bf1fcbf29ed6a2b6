import { Checkbox } from '@mantine/core'
import type { Column } from '@/components/DataTable'
import type { Selection } from './useSelection'

/** The column in which rows are chosen. */
export function selectColumn<Row>(
  selection: Selection,
  idOf: (row: Row) => string,
  nameOf: (row: Row) => string,
): Column<Row> {
  return {
    id: 'select',
    width: 40,
    header: (
      <Checkbox
        size="xs"
        aria-label="Select all"
        checked={selection.isAll}
        indeterminate={selection.ids.length > 0 && !selection.isAll}
        onChange={selection.toggleAll}
      />
    ),
    cell: row => (
      <Checkbox
        size="xs"
        aria-label={`Select ${nameOf(row)}`}
        checked={selection.has(idOf(row))}
        onChange={() => selection.toggle(idOf(row))}
      />
    ),
  }
}
