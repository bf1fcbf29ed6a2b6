import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { copyText } from '@/components/copyText'
import { notifyDone } from '@/components/notify'
import { cellText, type ResultColumn, type ResultSort, sorted } from '../rows'
import { moved, type Place } from './cursor'
import classes from './ResultTable.module.css'

interface Props {
  label: string
  columns: ResultColumn[]
  rows: unknown[][]
  /** A cell to look at whole. */
  onOpen: (column: ResultColumn, value: unknown) => void
}

const ROW_PX = 32
const HEAD_PX = 47
const PAGE_ROWS = 15

/** Rows of any number, drawn only where they are seen. Arrow keys move over cells, Enter opens one, ⌘C copies it. */
export function ResultTable({ label, columns, rows, onOpen }: Props) {
  const viewport = useRef<HTMLDivElement>(null)
  const [sort, setSort] = useState<ResultSort>()
  const [active, setActive] = useState<Place | null>(null)
  const id = useId()
  const order = useMemo(() => sorted(rows, sort), [rows, sort])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows have other cells
  useEffect(() => {
    setSort(undefined)
    setActive(null)
    viewport.current?.scrollTo({ top: 0, left: 0 })
  }, [rows])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => ROW_PX,
    scrollPaddingStart: HEAD_PX,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const placeWidth = 24 + String(rows.length).length * 8
  const width = columns.reduce((sum, one) => sum + one.width, placeWidth)
  const span = columns.length + 2

  const keyed = (event: KeyboardEvent<HTMLTableElement>) => {
    if ((event.target as Element).closest('button')) return
    const value = active && rows[order[active.row] ?? -1]?.[columns[active.column]?.index ?? -1]
    const isCopy = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'c'
    if (isCopy && active && !getSelection()?.toString()) {
      void copyText(cellText(value)).then(() => notifyDone('The cell was copied.'))
      return
    }
    const column = active && columns[active.column]
    if (event.key === 'Enter' && column) {
      onOpen(column, value)
      return
    }
    const next = moved(active, event.key, { rows: rows.length, columns: columns.length, page: PAGE_ROWS })
    if (!next || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    setActive(next)
    virtual.scrollToIndex(next.row, { align: 'auto' })
    viewport.current?.querySelector(`[data-column="${next.column}"]`)?.scrollIntoView({
      block: 'nearest',
      inline: 'nearest',
    })
  }

  return (
    <div ref={viewport} className={classes.viewport}>
      <table
        className={classes.table}
        style={{ width }}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table with keys
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={active ? `${id}-${active.row}-${active.column}` : undefined}
        tabIndex={0}
        onKeyDown={keyed}
      >
        <colgroup>
          <col style={{ width: placeWidth }} />
          {columns.map(column => (
            <col key={column.index} style={{ width: column.width }} />
          ))}
          <col />
        </colgroup>
        <thead>
          <tr>
            <th className={classes.place} />
            {columns.map((column, at) => (
              <Head key={column.index} column={column} at={at} sort={sort} onSort={setSort} />
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          <Filler height={above} span={span} />
          {items.map(item => {
            const row = rows[order[item.index] ?? -1]
            if (!row) return null
            return (
              <tr key={item.key} data-row aria-rowindex={item.index + 2}>
                <td className={classes.place}>{item.index + 1}</td>
                {columns.map((column, at) => {
                  const value = row[column.index]
                  const isActive = active?.row === item.index && active.column === at
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
                    <td
                      key={column.index}
                      id={`${id}-${item.index}-${at}`}
                      data-kind={column.kind}
                      data-active={isActive || undefined}
                      title={cellText(value).slice(0, 500)}
                      onClick={() =>
                        isActive ? onOpen(column, value) : setActive({ row: item.index, column: at })
                      }
                      onDoubleClick={() => onOpen(column, value)}
                    >
                      <Cell value={value} />
                    </td>
                  )
                })}
                <td className={classes.filler} />
              </tr>
            )
          })}
          <Filler height={below} span={span} />
        </tbody>
      </table>
    </div>
  )
}

const SHOWN_MAX = 300

function Cell({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span className={classes.nothing}>null</span>
  if (value === '') return <span className={classes.nothing}>empty</span>
  return cellText(value).slice(0, SHOWN_MAX)
}

function Filler({ height, span }: { height: number; span: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      <td colSpan={span} className={classes.filler} style={{ height }} />
    </tr>
  )
}

interface HeadProps {
  column: ResultColumn
  at: number
  sort: ResultSort | undefined
  onSort: (sort: ResultSort | undefined) => void
}

/** Sorts: down, up, as it came. */
function Head({ column, at, sort, onSort }: HeadProps) {
  const own = sort?.index === column.index ? sort : undefined
  const next = () => {
    if (!own) onSort({ index: column.index, descending: true })
    else onSort(own.descending ? { index: column.index, descending: false } : undefined)
  }
  return (
    <th
      data-kind={column.kind}
      data-column={at}
      aria-sort={own ? (own.descending ? 'descending' : 'ascending') : undefined}
    >
      <UnstyledButton className={classes.head} onClick={next} title={`${column.name}: ${column.type}`}>
        <span className={classes.name}>
          <span>{column.name}</span>
          {own && (own.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
        </span>
        <span className={classes.type}>{column.type}</span>
      </UnstyledButton>
    </th>
  )
}
