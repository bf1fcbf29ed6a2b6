import {
  ActionIcon,
  Box,
  Button,
  Card,
  Group,
  Loader,
  ScrollArea,
  Table,
  UnstyledButton,
} from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Fragment, memo, type ReactNode, useCallback, useRef, useState } from 'react'
import classes from './DataTable.module.css'
import { ErrorState } from './ErrorState'
import { LoadingTable } from './Loading'

export interface Column<Row> {
  id: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** CSS width; columns without one share the rest. */
  width?: number | string
  align?: 'left' | 'right'
  /** The header sorts by this column. */
  sortable?: boolean
}

export interface Sort {
  id: string
  descending: boolean
}

interface Props<Row> {
  /** What the table holds, for screen readers. */
  label: string
  columns: Column<Row>[]
  rows: Row[] | undefined
  rowKey: (row: Row) => string
  loading?: boolean
  /** Dims the rows while newer ones are on their way. */
  refreshing?: boolean
  error?: Error | null
  onRetry?: () => void
  /** Shown instead of rows when there are none. */
  empty?: ReactNode
  sort?: Sort
  onSort?: (sort: Sort) => void
  onRowClick?: (row: Row) => void
  /** Each row opens to show this below it. */
  expanded?: (row: Row) => ReactNode
  /** There are more rows; `onMore` gets them. */
  hasMore?: boolean
  onMore?: () => void
  loadingMore?: boolean
  /** With a height the table scrolls inside it and draws only the rows in sight, without `expanded`. */
  height?: number | string
  minWidth?: number
}

const VIRTUAL_FROM = 100
const ROW_PX = 37

export function DataTable<Row>(props: Props<Row>) {
  const { rows, error, loading, empty, height } = props
  if (error && !rows?.length) {
    return (
      <Card padding={0}>
        <ErrorState error={error} onRetry={props.onRetry} />
      </Card>
    )
  }
  if (loading && !rows) return <LoadingTable />
  if (!rows?.length && empty) return <Card padding={0}>{empty}</Card>
  const isVirtual = height !== undefined && (rows?.length ?? 0) > VIRTUAL_FROM && !props.expanded
  return (
    <Card padding={0} className={classes.card} data-refreshing={props.refreshing || undefined}>
      {isVirtual ? <VirtualRows {...props} /> : <PlainRows {...props} />}
      {props.hasMore && props.onMore && (
        <Group justify="center" p="sm" className={classes.more}>
          <Button variant="default" onClick={props.onMore} loading={props.loadingMore}>
            Show more
          </Button>
        </Group>
      )}
      {props.refreshing && (
        <Loader size={16} className={classes.loader} role="status" aria-label="Refreshing" />
      )}
    </Card>
  )
}

function PlainRows<Row>(props: Props<Row>) {
  const { columns, rows = [], rowKey, expanded, height, minWidth, label } = props
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback(
    (key: string) =>
      setOpen(before => {
        const changed = new Set(before)
        if (!changed.delete(key)) changed.add(key)
        return changed
      }),
    [],
  )
  const table = (
    <Table stickyHeader={height !== undefined} miw={minWidth} aria-label={label} className={classes.table}>
      <Head {...props} />
      <Table.Tbody>
        {rows.map(row => {
          const key = rowKey(row)
          const isOpen = open.has(key)
          return (
            <Fragment key={key}>
              <TableRow
                id={key}
                row={row}
                columns={columns}
                onRowClick={props.onRowClick}
                onToggle={expanded && toggle}
                isOpen={isOpen}
              />
              {expanded && isOpen && (
                <Table.Tr className={classes.opened}>
                  <Table.Td colSpan={columns.length + 1}>{expanded(row)}</Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          )
        })}
      </Table.Tbody>
    </Table>
  )
  if (height !== undefined) {
    return (
      <ScrollArea h={height} type="auto">
        {table}
      </ScrollArea>
    )
  }
  return (
    <Table.ScrollContainer
      className={classes.frame}
      minWidth={minWidth ?? 0}
      type="native"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      {table}
    </Table.ScrollContainer>
  )
}

function VirtualRows<Row>(props: Props<Row>) {
  const { rows = [], rowKey, height, minWidth, columns, label } = props
  const viewport = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  })
  const shown = virtual.getVirtualItems()
  const above = shown[0]?.start ?? 0
  const below = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    <Box ref={viewport} h={height} className={classes.viewport} tabIndex={0} role="region" aria-label={label}>
      <Table
        stickyHeader
        miw={minWidth}
        className={classes.table}
        aria-rowcount={rows.length}
        aria-label={label}
      >
        <Head {...props} />
        <Table.Tbody>
          {above > 0 && <tr style={{ height: above }} aria-hidden />}
          {shown.map(item => {
            const row = rows[item.index]
            return row === undefined ? null : (
              <TableRow
                key={rowKey(row)}
                id={rowKey(row)}
                row={row}
                columns={columns}
                onRowClick={props.onRowClick}
                index={item.index}
              />
            )
          })}
          {below > 0 && (
            <tr style={{ height: below }} aria-hidden>
              <td colSpan={columns.length} />
            </tr>
          )}
        </Table.Tbody>
      </Table>
    </Box>
  )
}

function Head<Row>({ columns, sort, onSort, expanded }: Props<Row>) {
  return (
    <Table.Thead>
      <Table.Tr>
        {expanded && (
          <Table.Th w={36} p={0}>
            <span className={classes.hidden}>Details</span>
          </Table.Th>
        )}
        {columns.map(column => {
          const isSorted = sort?.id === column.id
          const direction = sort?.descending ? 'descending' : 'ascending'
          return (
            <Table.Th
              key={column.id}
              w={column.width}
              ta={column.align}
              aria-sort={isSorted ? direction : undefined}
            >
              {column.sortable && onSort ? (
                <UnstyledButton
                  className={classes.sort}
                  onClick={() => onSort({ id: column.id, descending: isSorted ? !sort.descending : true })}
                >
                  {column.header}
                  {isSorted && (sort.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
                </UnstyledButton>
              ) : (
                column.header
              )}
            </Table.Th>
          )
        })}
      </Table.Tr>
    </Table.Thead>
  )
}

interface RowProps<Row> {
  id: string
  row: Row
  columns: Column<Row>[]
  onRowClick?: (row: Row) => void
  index?: number
  onToggle?: (id: string) => void
  isOpen?: boolean
}

// A page more leaves the rows above as they are, where the columns are the same list.
const TableRow = memo(DrawnRow) as typeof DrawnRow

function DrawnRow<Row>({ id, row, columns, onRowClick, onToggle, isOpen, index }: RowProps<Row>) {
  const toggle = onToggle && (() => onToggle(id))
  const act = toggle ?? (onRowClick && (() => onRowClick(row)))
  return (
    <Table.Tr
      className={act ? classes.clickable : undefined}
      aria-rowindex={index === undefined ? undefined : index + 1}
      onClick={event => {
        // Links, buttons and selected text inside the row keep their own meaning.
        if (
          !act ||
          (event.target as Element).closest('a, button, input, label') ||
          getSelection()?.toString()
        )
          return
        act()
      }}
    >
      {onToggle && (
        <Table.Td w={36} p={0} ta="center">
          <ActionIcon
            size="sm"
            onClick={toggle}
            aria-expanded={isOpen}
            aria-label={isOpen ? 'Hide details' : 'Show details'}
          >
            {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          </ActionIcon>
        </Table.Td>
      )}
      {columns.map(column => (
        <Table.Td key={column.id} ta={column.align}>
          {column.cell(row)}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
